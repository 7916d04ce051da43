import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The top folder of the package under test. */
export const packageRoot = dirname(createRequire(import.meta.url).resolve('cnnative/package.json'));

const MAIN = join(packageRoot, 'dist', 'cli', 'main.js');

/** How a command ended and what it wrote. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with the process and all of stdout so far, whenever more of it comes. */
  readonly onStdout?: (child: ChildProcessWithoutNullStreams, stdout: string) => void;
}

/** Runs `cnnative` with arguments and waits for its end. Its output is a pipe, as in a script. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  // How and where the tests were started must not change what they see.
  const { CNNATIVE_DATA: _data, npm_command: _npm, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...env, ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onStdout?.(child, stdout);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Sends a signal once so many lines have come, and no second one, which would end the process at once. */
export function signalAfter(lines: number, signal: NodeJS.Signals): NonNullable<CliOptions['onStdout']> {
  let sent = false;
  return (child, stdout) => {
    if (sent || stdout.split('\n').length <= lines) return;
    sent = true;
    child.kill(signal);
  };
}

/** The objects of an output of one JSON object a line. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a child process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a script of test/native/children in a process of its own, which is killed after `PATIENCE`. */
export function runChild(name: string, { args = [], env = {} }: ChildOptions = {}): Promise<Ended> {
  const script = fileURLToPath(new URL(`../native/children/${name}.js`, import.meta.url));
  return new Promise((resolve) => {
    const options = {
      env: { ...process.env, ...env },
      timeout: PATIENCE,
      killSignal: 'SIGKILL' as const,
    };
    const child = execFile(process.execPath, [script, ...args], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
    });
  });
}

/** Whether this process runs under an emulator, at a fraction of the speed: tools/test-cpus.mjs, tools/test-arm64.mjs. */
export const isEmulated = process.env.CNNATIVE_EMULATED !== undefined;

/** Whether the addon of this process is built with a sanitizer. */
export const isSanitized = (process.env.LD_PRELOAD ?? '').includes('san');

/** Milliseconds after which a process is taken for one that never ends: within what ava waits for in each case. */
export const PATIENCE = isEmulated ? 3_600_000 : isSanitized ? 1_500_000 : 300_000;

/** The Node for programs of the machine itself, such as the compiler, which no emulator runs. */
export const nodeOfMachine = isEmulated ? 'node' : process.execPath;

/** Whether a sanitizer watches this process, or a counter of lines (tools/coverage.mjs): memory and time are then no longer those of the package. */
export const isWatched = isSanitized || process.env.NODE_V8_COVERAGE !== undefined;

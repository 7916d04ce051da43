import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How a training in a process of its own ended. */
export interface ChildTraining {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** What it printed, each parsed. */
  readonly lines: readonly Record<string, unknown>[];
  readonly stderr: string;
}

const SCRIPT = fileURLToPath(new URL('../training/children/checkpointed.js', import.meta.url));

/** The command that runs the training, for shells that set something up before. */
export const trainingCommand = (folder: string, threads = 1) => [process.execPath, SCRIPT, folder, String(threads)];

/** Runs a command that trains; `onLine` is told how many lines it has printed, and may kill it. */
export function runTraining(
  [command = '', ...args]: readonly string[],
  onLine: (count: number, kill: () => void) => void = () => undefined,
): Promise<ChildTraining> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: Record<string, unknown>[] = [];
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    onLine(lines.length, () => child.kill('SIGKILL'));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, lines, stderr }));
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EpochEvent, StepEvent } from '../../../model/events.js';
import { isPlainObject } from '../../../util/is-plain-object.js';
import { packageFolder } from '../../../util/package-folder.js';
import type { TrainingResult } from '../report.js';

/** A run to do in a process of its own: one that fails, or for which memory does not suffice, takes no other with it. */
export interface Job {
  readonly name: string;
  /** Arguments that say what to train: `--` and the path of a configuration, `--recipe NAME`, or none. */
  readonly source: readonly string[];
  /** Without one nothing is kept. */
  readonly folder?: string;
  /** Other arguments of its command. */
  readonly args: readonly string[];
}

/** A run, and how many epochs it is to have, if that is known. */
export interface PlannedJob extends Job {
  readonly epochs: number;
}

export type JobLine = StepEvent | EpochEvent | ({ readonly event: 'done' } & TrainingResult);

/** How a run ended: a row of the summary. */
export interface JobResult {
  readonly name: string;
  readonly status: 'done' | 'failed' | 'stopped' | 'not begun';
  /** Epochs done. */
  readonly epochs: number;
  /** Of the last test. */
  readonly accuracy?: number;
  readonly loss?: number;
  /** On the clock, from beginning to end. */
  readonly seconds: number;
  /** In training steps; of a run that came to its end. */
  readonly trainingSeconds?: number;
  /** The same until a target was reached, where there was one. */
  readonly timeToAccuracy?: number;
  readonly folder?: string;
  /** What went wrong. */
  readonly error?: string;
}

/** Does a run and tells its lines. Once the signal is aborted the run is asked to end, and waited for. */
export async function runJob(job: Job, onLine: (line: JobLine) => void, signal: AbortSignal): Promise<JobResult> {
  const { name, source, folder } = job;
  const out = folder === undefined ? [] : ['--out', folder];
  const begun = performance.now();
  const main = join(packageFolder(), 'dist', 'cli', 'main.js');
  // In a group of its own: a terminal's Ctrl-C reaches this process alone, which passes it on once.
  const child = spawn(process.execPath, [main, 'train', ...out, '--json', ...job.args, ...source], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => void child.kill(signal.reason?.exitCode === 130 ? 'SIGINT' : 'SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let last: Pick<JobResult, 'epochs' | 'accuracy' | 'loss' | 'trainingSeconds' | 'timeToAccuracy'> = { epochs: 0 };
  let isDone = false;
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = parse(text);
    if (!line) {
      // What a module that is a configuration printed.
      process.stderr.write(`${name}: ${text}\n`);
      return;
    }
    if (line.event === 'epoch') last = { epochs: line.epoch, ...tested(line.valAccuracy, line.valLoss) };
    if (line.event === 'done') {
      isDone = true;
      last = { ...last, ...tested(line.testAccuracy, line.testLoss), ...timed(line) };
    }
    onLine(line);
  });
  const { code, stderr } = await ended(child);
  signal.removeEventListener('abort', stop);
  const status = code === 0 && isDone ? 'done' : signal.aborted ? 'stopped' : 'failed';
  const error = reasonIn(stderr) || `ended with ${code} before its training did`;
  const seconds = (performance.now() - begun) / 1000;
  const kept = folder === undefined ? {} : { folder };
  return { name, status, ...last, seconds, ...kept, ...(status !== 'done' && { error }) };
}

/** What a command says went wrong, beside what a module may have printed; of one that crashed all there is. */
function reasonIn(stderr: string): string {
  return /^cnnative: (.*)$/m.exec(stderr)?.[1] ?? stderr.trim();
}

function parse(text: string): JobLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isPlainObject(line) && 'event' in line ? (line as unknown as JobLine) : undefined;
  } catch {
    return undefined;
  }
}

/** Without what is not known. */
function tested(accuracy: number | null | undefined, loss: number | null | undefined) {
  return { ...(typeof accuracy === 'number' && { accuracy }), ...(typeof loss === 'number' && { loss }) };
}

function timed({ seconds, timeToAccuracy }: TrainingResult) {
  return { trainingSeconds: seconds, ...(typeof timeToAccuracy === 'number' && { timeToAccuracy }) };
}

function ended(child: ChildProcess): Promise<{ code: number | string | null; stderr: string }> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 'error', stderr: error.message }));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stderr }));
  });
}

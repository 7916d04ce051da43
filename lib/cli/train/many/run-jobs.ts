import { StoppedError } from '../../errors.js';
import { TextReport } from '../text-report.js';
import { type JobLine, type JobResult, type PlannedJob, runJob } from './job.js';

export interface JobsOptions {
  /** Runs at a time. */
  readonly jobs?: number;
  readonly json: boolean;
}

/**
 * Does runs in their order and shows their lines, each with the name of its run. One that fails is told of, and stops no other.
 *
 * @param summary what to print when all have ended
 * @throws Error when one failed, StoppedError when they were stopped
 */
export async function runJobs(
  jobs: readonly PlannedJob[],
  { jobs: atATime = 1, json }: JobsOptions,
  signal: AbortSignal,
  summary: (results: readonly JobResult[]) => string,
): Promise<void> {
  const write = (text: string) => void process.stdout.write(text);
  const results = await inTurn(jobs, atATime, async (job) => {
    if (signal.aborted) return notBegun(job);
    const result = await runJob(job, json ? jsonLines(job, write) : textLines(job, write), signal);
    if (result.status === 'failed') process.stderr.write(`cnnative: ${job.name}: ${result.error}\n`);
    return result;
  });
  write(summary(results));
  if (signal.aborted) throw stopped(signal.reason as StoppedError, results);
  const failed = results.filter(({ status }) => status === 'failed').map(({ name }) => name);
  if (failed.length > 0) throw new Error(`${failed.length} of ${results.length} runs failed: ${failed.join(', ')}.`);
}

/** All results, in the order of the jobs. */
async function inTurn<Result>(jobs: readonly PlannedJob[], atATime: number, run: (job: PlannedJob) => Promise<Result>) {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    while (next < jobs.length) {
      const i = next++;
      results[i] = await run(jobs[i] as PlannedJob);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, jobs.length) }, work));
  return results;
}

function notBegun({ name, folder }: PlannedJob): JobResult {
  return { name, status: 'not begun', epochs: 0, seconds: 0, ...(folder !== undefined && { folder }) };
}

function jsonLines({ name }: PlannedJob, write: (text: string) => void) {
  return (line: JobLine) => write(`${JSON.stringify({ run: name, ...line })}\n`);
}

function textLines({ name, epochs }: PlannedJob, write: (text: string) => void) {
  const report = new TextReport((line) => write(`${name}  ${line}\n`), epochs);
  return (line: JobLine) => (line.event === 'done' ? report.done(line) : report.event(line));
}

function stopped({ message, exitCode }: StoppedError, results: readonly JobResult[]): StoppedError {
  const kept = results.every(({ folder }) => folder !== undefined)
    ? "each run's folder says how far it came"
    : 'nothing was kept, for there was no --out';
  return new StoppedError(message === '' ? '' : `${message}; ${kept}.`, exitCode);
}

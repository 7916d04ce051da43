import { StoppedError } from '../../errors.js';
import { duration, loss, percent } from '../../format.js';
import { columns } from '../../table.js';
import type { TrainArguments } from '../command.js';
import { TextReport } from '../text-report.js';
import { type JobLine, type JobResult, runJob } from './job.js';
import { type PlannedJob, planJobs } from './plan-jobs.js';

/** `cnnative train` of several configurations: so many at a time, in their order. */
export async function runMany(options: TrainArguments, signal: AbortSignal): Promise<void> {
  const jobs = await planJobs(options);
  const write = (text: string) => void process.stdout.write(text);
  const results = await inTurn(jobs, options.jobs ?? 1, async (job) => {
    if (signal.aborted) return notBegun(job);
    const result = await runJob(job, options.json ? jsonLines(job, write) : textLines(job, write), signal);
    if (result.status === 'failed') process.stderr.write(`cnnative: ${job.name}: ${result.error}\n`);
    return result;
  });
  write(options.json ? `${JSON.stringify({ event: 'summary', runs: results })}\n` : `\n${summary(results)}`);
  if (signal.aborted) throw stopped(signal.reason as StoppedError);
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
  return { name, status: 'not begun', epochs: 0, seconds: 0, folder };
}

function jsonLines({ name }: PlannedJob, write: (text: string) => void) {
  return (line: JobLine) => write(`${JSON.stringify({ run: name, ...line })}\n`);
}

function textLines({ name, epochs }: PlannedJob, write: (text: string) => void) {
  const report = new TextReport((line) => write(`${name}  ${line}\n`), epochs);
  return (line: JobLine) => (line.event === 'done' ? report.done(line) : report.event(line));
}

function summary(results: readonly JobResult[]): string {
  const rows = results.map(({ name, status, epochs, accuracy, loss: lost, seconds, folder }) => [
    name,
    status,
    folder,
    `${epochs}`,
    accuracy === undefined ? '' : percent(accuracy),
    lost === undefined ? '' : loss(lost),
    duration(seconds),
  ]);
  return columns(['run', 'status', 'folder', 'epochs', 'accuracy', 'loss', 'time'], rows, 3);
}

function stopped({ message, exitCode }: StoppedError): StoppedError {
  return new StoppedError(message === '' ? '' : `${message}; each run's folder says how far it came.`, exitCode);
}

import { duration, loss, percent } from '../../format.js';
import { columns } from '../../table.js';
import type { TrainArguments } from '../command.js';
import type { JobResult } from './job.js';
import { planJobs } from './plan-jobs.js';
import { runJobs } from './run-jobs.js';

/** `cnnative train` of several configurations: so many at a time, in their order. */
export async function runMany(options: TrainArguments, signal: AbortSignal): Promise<void> {
  await runJobs(await planJobs(options), options, signal, (results) =>
    options.json ? `${JSON.stringify({ event: 'summary', runs: results })}\n` : `\n${summary(results)}`,
  );
}

function summary(results: readonly JobResult[]): string {
  const rows = results.map(({ name, status, epochs, accuracy, loss: lost, seconds, folder = '' }) => [
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

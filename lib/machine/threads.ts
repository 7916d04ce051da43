import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { remembered } from '../util/remembered.js';
import { cpuQuota } from './cpu-quota.js';

/** Threads a run uses unless told otherwise, and why so many. */
export interface ThreadsChoice {
  readonly threads: number;
  readonly reason: string;
}

// Asking the system takes longer than a small prediction, and it changes its mind seldom.
const systemProcessors = remembered(1000, availableParallelism);
const systemQuota = remembered(1000, () => cpuQuota((path) => readFileSync(path, 'utf8')));

/**
 * As many threads as there are processors this process may use: the affinity mask, lowered by a cgroup's CPU quota, both
 * overruled by `OMP_NUM_THREADS`.
 */
export function chooseThreads(
  environment: NodeJS.ProcessEnv = process.env,
  readFile?: (path: string) => string,
): ThreadsChoice {
  const wanted = environment.OMP_NUM_THREADS;
  if (wanted !== undefined && wanted !== '') {
    // A list sets nested levels; the first entry is ours.
    const first = wanted.split(',')[0]?.trim() ?? '';
    return {
      threads: checkThreads('OMP_NUM_THREADS', /^\d+$/.test(first) ? Number(first) : wanted),
      reason: 'OMP_NUM_THREADS',
    };
  }
  const processors = systemProcessors();
  const quota = readFile ? cpuQuota(readFile) : systemQuota();
  if (quota !== undefined && Math.ceil(quota) < processors) {
    return { threads: Math.max(1, Math.ceil(quota)), reason: `cgroup quota of ${quota} processors` };
  }
  return { threads: processors, reason: 'processors of this process' };
}

/** @throws InvalidArgumentError unless `threads` is a number of threads */
export function checkThreads(who: string, threads: unknown): number {
  if (Number.isInteger(threads) && (threads as number) >= 1 && (threads as number) <= 1024) return threads as number;
  throw new InvalidArgumentError(
    `${who}: expected an integer from 1 to 1024 for threads, received ${describe(threads)}.`,
  );
}

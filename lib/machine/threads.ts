import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { remembered } from '../util/remembered.js';
import { cpuQuota } from './cpu-quota.js';
import { allowedProcessors } from './processors.js';

/** Threads a run uses unless told otherwise, and why so many. */
export interface ThreadsChoice {
  readonly threads: number;
  readonly reason: string;
}

const PROCESSORS = 'processors of this process';

// Asking the system takes longer than a small prediction, and it changes its mind seldom.
const system = remembered(1000, () => limits((path) => readFileSync(path, 'utf8')));

function limits(readFile: (path: string) => string) {
  return { processors: allowedProcessors(readFile), quota: cpuQuota(readFile) };
}

/**
 * As many threads as there are processors this process may use: the affinity mask, lowered by a cgroup's CPU quota, both
 * overruled by `OMP_NUM_THREADS`, which a call's option `threads` overrules.
 *
 * @param readFile reads files of `/proc` and `/sys`; by default those of this system
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
  const { processors, quota } = readFile ? limits(readFile) : system();
  if (quota !== undefined && Math.ceil(quota) < processors) {
    return { threads: Math.max(1, Math.ceil(quota)), reason: `cgroup quota of ${quota} processors` };
  }
  return { threads: processors, reason: PROCESSORS };
}

/** The reason with what takes longer to ask: whether the affinity mask leaves processors of the machine out. */
export function explainThreads({ threads, reason }: ThreadsChoice, processors = cpus().length): string {
  return reason === PROCESSORS && threads < processors
    ? `affinity mask, ${threads} of ${processors} processors`
    : reason;
}

/** @throws InvalidArgumentError unless `threads` is a number of threads */
export function checkThreads(who: string, threads: unknown): number {
  if (Number.isInteger(threads) && (threads as number) >= 1 && (threads as number) <= 1024) return threads as number;
  throw new InvalidArgumentError(
    `${who}: expected an integer from 1 to 1024 for threads, received ${describe(threads)}.`,
  );
}

import { existsSync, readFileSync } from 'node:fs';

const SCHEDULE = '/proc/thread-self/schedstat';

/**
 * Milliseconds of processor time that this thread has taken: that others run on this machine, or in this process, does not count. By
 * the clock where the system does not tell.
 */
export function threadTime(): number {
  if (!tellsThreadTime) return performance.now();
  return Number(readFileSync(SCHEDULE, 'latin1').split(' ')[0]) / 1e6;
}

/** Whether it is the thread's own time. */
export const tellsThreadTime = existsSync(SCHEDULE);

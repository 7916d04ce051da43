import { totalmem } from 'node:os';
import { TrainingError } from '../errors/index.js';
import { remembered } from '../util/remembered.js';

/** Bytes this process could ever have: the machine's memory, or what a cgroup leaves of it. Asked of the system once a second. */
export const memoryLimit = remembered(1000, () => {
  const constrained = process.constrainedMemory() ?? 0; // 0 or more than there is: nothing constrains it
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
});

/**
 * Refuses what this machine can never hold. Systems that promise more memory than they have would end the process instead,
 * in the middle of its work.
 *
 * @throws TrainingError when `bytes` pass the limit
 */
export function checkMemory(who: string, what: string, bytes: number, wayOut: string, limit = memoryLimit()): void {
  if (bytes <= limit) return;
  throw new TrainingError(
    `${who}: expected ${what} to fit into the memory of this machine (${gigabytes(limit)}), received ${what} of ` +
      `${gigabytes(bytes)}. ${wayOut}`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}

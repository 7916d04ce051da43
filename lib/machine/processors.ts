import { availableParallelism } from 'node:os';

/**
 * Processors in the affinity mask of this thread, which `taskset`, `numactl` and a container's cpuset narrow. Linux says so itself;
 * Node's own count has a CPU quota in it in some versions, rounded down.
 */
export function allowedProcessors(readFile: (path: string) => string): number {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFile('/proc/thread-self/status'))?.[1];
    const count = list === undefined ? 0 : countOf(list);
    if (count > 0) return count;
  } catch {
    // Another system, or no /proc.
  }
  return availableParallelism();
}

/** How many numbers a list such as `0-3,8` names; 0 for no list. */
function countOf(list: string): number {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) return 0;
  return list.split(',').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

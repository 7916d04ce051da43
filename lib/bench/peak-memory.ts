import { readFileSync } from 'node:fs';

/** The most memory this process has had resident since it began, in bytes. */
export function peakMemoryBytes(): number {
  // maxRSS survives an exec on Linux: a small program started by a large one would report the large one's.
  if (process.platform === 'linux') {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}

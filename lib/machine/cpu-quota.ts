import { type CgroupFolder, cgroupFolders } from './cgroup-folders.js';

/**
 * The processors that cgroups grant this process, such as 1.5, or `undefined` where nothing limits it.
 *
 * Reads cgroup v2's `cpu.max` and v1's `cpu.cfs_quota_us`, in the process's own group and its parents: the tightest
 * counts. Any file that is missing or odd counts as no limit.
 */
export function cpuQuota(readFile: (path: string) => string): number | undefined {
  const read = (path: string) => attempt(() => readFile(path));
  const limits = cgroupFolders(read).flatMap((folder) => quota(read, folder) ?? []);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function quota(read: (path: string) => string | undefined, { version, path }: CgroupFolder): number | undefined {
  if (version === 1) return ratio(read(`${path}/cpu.cfs_quota_us`), read(`${path}/cpu.cfs_period_us`));
  const [share, period] = read(`${path}/cpu.max`)?.trim().split(/\s+/) ?? [];
  return ratio(share, period);
}

function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const [share, whole] = [Number(quota?.trim()), Number(period?.trim())];
  return share > 0 && whole > 0 && Number.isFinite(share / whole) ? share / whole : undefined; // v2 says "max", v1 -1
}

function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * The processors that cgroups grant this process, such as 1.5, or `undefined` where nothing limits it.
 *
 * Reads cgroup v2's `cpu.max` and v1's `cpu.cfs_quota_us`, in the process's own group and its parents: the tightest
 * counts. Any file that is missing or odd counts as no limit.
 */
export function cpuQuota(readFile: (path: string) => string): number | undefined {
  const limits = cgroupFolders(readFile).flatMap((folder) => {
    const limit = folder.version === 2 ? quotaV2(readFile, folder.path) : quotaV1(readFile, folder.path);
    return limit === undefined ? [] : [limit];
  });
  return limits.length === 0 ? undefined : Math.min(...limits);
}

interface CgroupFolder {
  readonly version: 1 | 2;
  readonly path: string;
}

function cgroupFolders(readFile: (path: string) => string): CgroupFolder[] {
  const folders: CgroupFolder[] = [];
  // Lines of the form "hierarchy:controllers:/path"; hierarchy 0 without controllers is cgroup v2.
  for (const line of attempt(() => readFile('/proc/self/cgroup'))?.split('\n') ?? []) {
    const [hierarchy, controllers, ...rest] = line.split(':');
    if (rest.length === 0 || controllers === undefined) continue;
    const path = rest.join(':');
    const unified = hierarchy === '0' && controllers === '';
    if (!unified && !controllers.split(',').includes('cpu')) continue;
    const root = unified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu';
    for (const parent of withParents(path)) folders.push({ version: unified ? 2 : 1, path: root + parent });
  }
  return folders;
}

/** `/a/b` gives `/a/b`, `/a` and the root, which inside a container is the group itself. */
function withParents(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`).concat('');
}

function quotaV2(readFile: (path: string) => string, folder: string): number | undefined {
  const [quota, period] =
    attempt(() => readFile(`${folder}/cpu.max`))
      ?.trim()
      .split(/\s+/) ?? [];
  return ratio(quota, period);
}

function quotaV1(readFile: (path: string) => string, folder: string): number | undefined {
  const quota = attempt(() => readFile(`${folder}/cpu.cfs_quota_us`))?.trim();
  const period = attempt(() => readFile(`${folder}/cpu.cfs_period_us`))?.trim();
  return ratio(quota, period);
}

function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const [share, whole] = [Number(quota), Number(period)];
  return share > 0 && whole > 0 && Number.isFinite(share / whole) ? share / whole : undefined; // v2 says "max", v1 -1
}

function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

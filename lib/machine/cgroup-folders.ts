/** A folder with the files of a control group that this process is in, or of a parent. */
export interface CgroupFolder {
  readonly version: 1 | 2;
  readonly path: string;
}

type ReadFile = (path: string) => string | undefined;

/** A mounted hierarchy of control groups: which of its groups is seen at which place. */
interface Mount {
  readonly version: 1 | 2;
  readonly group: string;
  readonly place: string;
}

/** Where systems mount them, for those that do not tell. */
const USUAL: readonly Mount[] = [
  { version: 2, group: '/', place: '/sys/fs/cgroup' },
  { version: 1, group: '/', place: '/sys/fs/cgroup/cpu' },
];

/**
 * The folders of the groups that may limit this process's processor time: its own and the parents that can be seen, in
 * cgroup v2 and in the hierarchy of v1's `cpu` controller, wherever they are mounted.
 */
export function cgroupFolders(readFile: ReadFile): CgroupFolder[] {
  const found = mounts(readFile('/proc/self/mountinfo') ?? '');
  const all = found.length > 0 ? found : USUAL;
  return ownGroups(readFile('/proc/self/cgroup') ?? '').flatMap(({ version, group }) => {
    const candidates = all.filter((mount) => mount.version === version);
    const holding = candidates.filter((mount) => below(mount.group, group) !== undefined);
    // In a namespace the names of groups need not fit those of mounts: what is mounted first is then the container's group.
    return (holding.length > 0 ? holding : candidates.slice(0, 1)).flatMap((mount) =>
      withParents(below(mount.group, group) ?? []).map((path) => ({ version, path: mount.place + path })),
    );
  });
}

/** Lines of the form `hierarchy:controllers:/path`; hierarchy 0 without controllers is cgroup v2. */
function ownGroups(text: string): Omit<Mount, 'place'>[] {
  return text.split('\n').flatMap((line): Omit<Mount, 'place'>[] => {
    const [hierarchy, controllers, ...rest] = line.split(':');
    if (rest.length === 0 || controllers === undefined) return [];
    const group = rest.join(':');
    if (hierarchy === '0' && controllers === '') return [{ version: 2, group }];
    return controllers.split(',').includes('cpu') ? [{ version: 1, group }] : [];
  });
}

/** Lines of the form `id parent device root place options [fields] - type source options` (man 5 proc). */
function mounts(text: string): Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , group, place] = before.split(' ').map(unescaped);
    const [type, , options = ''] = after.split(' ');
    if (group === undefined || place === undefined) return [];
    if (type === 'cgroup2') return [{ version: 2, group, place }];
    return type === 'cgroup' && options.split(',').includes('cpu') ? [{ version: 1, group, place }] : [];
  });
}

/** Spaces and other white space are written as `\040` and so on. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The names that lead from a mounted group down to another, if it lies below. Paths with `..` lie outside of a namespace. */
function below(mounted: string, group: string): string[] | undefined {
  const [upper, names] = [namesOf(mounted), namesOf(group)];
  if (names.includes('..') || upper.some((name, i) => name !== names[i])) return undefined;
  return names.slice(upper.length);
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** `a`, `b` gives `/a/b`, `/a` and nothing, which is the mounted group itself. */
function withParents(names: readonly string[]): string[] {
  return names.map((_, i) => `/${names.slice(0, names.length - i).join('/')}`).concat('');
}

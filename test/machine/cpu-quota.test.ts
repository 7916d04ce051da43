import test from 'ava';
import { cpuQuota } from '#lib/machine/cpu-quota.js';

/** A file system of these files and no others. */
function files(contents: Record<string, string>) {
  return (path: string): string => {
    const text = contents[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  };
}

test('a machine without cgroups has no quota', (t) => {
  t.is(cpuQuota(files({})), undefined);
});

test('reads the quota of cgroup v2', (t) => {
  const read = files({ '/proc/self/cgroup': '0::/app\n', '/sys/fs/cgroup/app/cpu.max': '150000 100000\n' });
  t.is(cpuQuota(read), 1.5);
});

test('takes the tightest quota among the parents of a cgroup', (t) => {
  const read = files({
    '/proc/self/cgroup': '0::/pods/app\n',
    '/sys/fs/cgroup/pods/app/cpu.max': 'max 100000\n',
    '/sys/fs/cgroup/pods/cpu.max': '400000 100000\n',
    '/sys/fs/cgroup/cpu.max': '250000 50000\n',
  });
  t.is(cpuQuota(read), 4);
});

test('max means no quota', (t) => {
  const read = files({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' });
  t.is(cpuQuota(read), undefined);
});

test('reads the quota of cgroup v1', (t) => {
  const read = files({
    '/proc/self/cgroup': '5:memory:/app\n4:cpu,cpuacct:/app\n',
    '/sys/fs/cgroup/cpu/app/cpu.cfs_quota_us': '50000\n',
    '/sys/fs/cgroup/cpu/app/cpu.cfs_period_us': '100000\n',
  });
  t.is(cpuQuota(read), 0.5);
});

test('a quota of -1 in cgroup v1 means none', (t) => {
  const read = files({
    '/proc/self/cgroup': '4:cpu,cpuacct:/\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
  });
  t.is(cpuQuota(read), undefined);
});

test('garbage in cgroup files counts as no quota', (t) => {
  for (const text of ['', 'garbage', '100000', '0 100000', '100000 0', '-5 -5 -5', 'NaN NaN']) {
    const read = files({ '/proc/self/cgroup': '0::/\nodd line\n:::\n', '/sys/fs/cgroup/cpu.max': text });
    t.is(cpuQuota(read), undefined, text);
  }
});

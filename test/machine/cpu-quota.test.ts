import test from 'ava';
import { cpuQuota } from '#lib/machine/cpu-quota.js';

const V2 = '/sys/fs/cgroup';
const V1 = '/sys/fs/cgroup/cpu';

function quotaOf(files: Record<string, string>): number | undefined {
  return cpuQuota((path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  });
}

test('without control groups there is no quota', (t) => {
  t.is(quotaOf({}), undefined);
  t.is(quotaOf({ '/proc/self/cgroup': '' }), undefined);
  t.is(quotaOf({ '/proc/self/cgroup': '0::/\n' }), undefined);
});

test('reads cgroup v2', (t) => {
  const cgroup = { '/proc/self/cgroup': '0::/user.slice/app.service\n' };
  const file = `${V2}/user.slice/app.service/cpu.max`;
  t.is(quotaOf({ ...cgroup, [file]: '150000 100000\n' }), 1.5);
  t.is(quotaOf({ ...cgroup, [file]: '20000 10000' }), 2);
  t.is(quotaOf({ ...cgroup, [file]: 'max 100000\n' }), undefined);
});

test('the tightest of a group and its parents counts', (t) => {
  const files = {
    '/proc/self/cgroup': '0::/a/b\n',
    [`${V2}/a/b/cpu.max`]: 'max 100000\n',
    [`${V2}/a/cpu.max`]: '300000 100000\n',
    [`${V2}/cpu.max`]: '400000 100000\n',
  };
  t.is(quotaOf(files), 3);
  t.is(quotaOf({ ...files, [`${V2}/a/b/cpu.max`]: '50000 100000' }), 0.5);
});

test('a container sees its own group at the root', (t) => {
  // The path is the host's, its folders are not there, and the root is the container's group.
  t.is(quotaOf({ '/proc/self/cgroup': '0::/docker/0123abcd\n', [`${V2}/cpu.max`]: '200000 100000\n' }), 2);
});

test('reads cgroup v1', (t) => {
  const cgroup = { '/proc/self/cgroup': '5:memory:/x\n4:cpu,cpuacct:/box\n1:name=systemd:/\n' };
  const quota = `${V1}/box/cpu.cfs_quota_us`;
  const period = `${V1}/box/cpu.cfs_period_us`;
  t.is(quotaOf({ ...cgroup, [quota]: '250000\n', [period]: '100000\n' }), 2.5);
  t.is(quotaOf({ ...cgroup, [quota]: '-1\n', [period]: '100000\n' }), undefined);
  t.is(quotaOf({ ...cgroup, [quota]: '250000\n' }), undefined);
  t.is(quotaOf({ ...cgroup, [`${V1}/cpu.cfs_quota_us`]: '100000', [`${V1}/cpu.cfs_period_us`]: '100000' }), 1);
});

test('only the cpu controller of cgroup v1 is asked', (t) => {
  const files = {
    '/proc/self/cgroup': '4:cpuset:/box\n3:memory:/box\n',
    [`${V1}/box/cpu.cfs_quota_us`]: '100000',
    [`${V1}/box/cpu.cfs_period_us`]: '100000',
  };
  t.is(quotaOf(files), undefined);
});

test('where both versions are mounted the tighter counts', (t) => {
  const files = {
    '/proc/self/cgroup': '2:cpu:/box\n0::/box\n',
    [`${V1}/box/cpu.cfs_quota_us`]: '300000',
    [`${V1}/box/cpu.cfs_period_us`]: '100000',
    [`${V2}/box/cpu.max`]: '200000 100000',
  };
  t.is(quotaOf(files), 2);
  t.is(quotaOf({ ...files, [`${V2}/box/cpu.max`]: 'max 100000' }), 3);
});

test('odd files count as no limit', (t) => {
  for (const text of ['', '\n', 'many', '100000', '0 100000', '-5 100000', '100000 0', 'NaN NaN', '1e999 1']) {
    t.is(quotaOf({ '/proc/self/cgroup': '0::/\n', [`${V2}/cpu.max`]: text }), undefined, JSON.stringify(text));
  }
  t.is(quotaOf({ '/proc/self/cgroup': 'nonsense\n::\n7\n\n' }), undefined);
});

test('a colon in the path is part of it', (t) => {
  t.is(quotaOf({ '/proc/self/cgroup': '0::/a:b\n', [`${V2}/a:b/cpu.max`]: '100000 100000' }), 1);
});

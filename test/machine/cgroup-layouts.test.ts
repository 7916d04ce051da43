import test from 'ava';
import { cpuQuota } from '#lib/machine/cpu-quota.js';

// What /proc and /sys hold on systems as they are: the lines that matter, among others as they come.

interface Layout {
  readonly name: string;
  readonly mountinfo: readonly string[];
  readonly cgroup: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly quota: number | undefined;
}

const ID = '3f4d9c6e2b7a4d0d8c1b5a6978e0f1c2d3b4a5968778695a4b3c2d1e0f9a8b7c';
const POD = 'pod1b7a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
const OTHERS = [
  '1160 1159 0:58 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw',
  '1163 1159 0:60 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro',
];
const v1 = (folder: string, quota: number, period = 100_000) => ({
  [`${folder}/cpu.cfs_quota_us`]: `${quota}\n`,
  [`${folder}/cpu.cfs_period_us`]: `${period}\n`,
});

const LAYOUTS: readonly Layout[] = [
  {
    name: 'Docker, cgroup v2, a namespace of its own (--cpus 1.5)',
    mountinfo: ['1164 1163 0:29 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate'],
    cgroup: ['0::/'],
    files: { '/sys/fs/cgroup/cpu.max': '150000 100000\n' },
    quota: 1.5,
  },
  {
    name: 'Docker, cgroup v2, the namespace of the host',
    mountinfo: ['1164 1163 0:29 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate'],
    cgroup: [`0::/system.slice/docker-${ID}.scope`],
    files: {
      [`/sys/fs/cgroup/system.slice/docker-${ID}.scope/cpu.max`]: '200000 100000\n',
      '/sys/fs/cgroup/system.slice/cpu.max': 'max 100000\n',
    },
    quota: 2,
  },
  {
    name: 'Docker, cgroup v1: the group of the host is mounted as if it were the root',
    mountinfo: [
      `1165 1157 0:31 /docker/${ID} /sys/fs/cgroup/memory ro,nosuid master:15 - cgroup cgroup rw,memory`,
      `1166 1157 0:32 /docker/${ID} /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:16 - cgroup cgroup rw,cpu,cpuacct`,
    ],
    cgroup: [`5:memory:/docker/${ID}`, `4:cpu,cpuacct:/docker/${ID}`, `1:name=systemd:/docker/${ID}`],
    files: v1('/sys/fs/cgroup/cpu,cpuacct', 50_000),
    quota: 0.5,
  },
  {
    name: 'Kubernetes, cgroup v1, controllers in the order of older kernels (limits.cpu 2500m)',
    mountinfo: [
      `2101 2090 0:33 /kubepods/burstable/${POD}/${ID} /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpuacct,cpu`,
    ],
    cgroup: [`3:cpuacct,cpu:/kubepods/burstable/${POD}/${ID}`],
    files: v1('/sys/fs/cgroup/cpu,cpuacct', 250_000),
    quota: 2.5,
  },
  {
    name: 'Kubernetes, cgroup v2, systemd driver, the namespace of the host: the pod is tighter',
    mountinfo: ['2101 2090 0:26 / /sys/fs/cgroup ro,relatime - cgroup2 cgroup rw'],
    cgroup: [`0::/kubepods.slice/kubepods-${POD}.slice/cri-containerd-${ID}.scope`],
    files: {
      [`/sys/fs/cgroup/kubepods.slice/kubepods-${POD}.slice/cri-containerd-${ID}.scope/cpu.max`]: '400000 100000\n',
      [`/sys/fs/cgroup/kubepods.slice/kubepods-${POD}.slice/cpu.max`]: '300000 100000\n',
    },
    quota: 3,
  },
  {
    name: 'systemd, CPUQuota of a service and of its slice',
    mountinfo: ['35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate'],
    cgroup: ['0::/batch.slice/train.service'],
    files: {
      '/sys/fs/cgroup/batch.slice/train.service/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/batch.slice/cpu.max': '120000 100000\n',
    },
    quota: 1.2,
  },
  {
    name: 'groups nested in a container: a leaf without the cpu controller',
    mountinfo: ['1164 1163 0:29 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup rw'],
    cgroup: ['0::/init/worker'],
    files: { '/sys/fs/cgroup/cpu.max': '250000 100000\n' },
    quota: 2.5,
  },
  {
    name: 'a group below the one that is mounted',
    mountinfo: [`1166 1157 0:32 /docker/${ID} /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct`],
    cgroup: [`4:cpu,cpuacct:/docker/${ID}/jobs`],
    files: { ...v1('/sys/fs/cgroup/cpu,cpuacct', 400_000), ...v1('/sys/fs/cgroup/cpu,cpuacct/jobs', 100_000) },
    quota: 1,
  },
  {
    name: 'a hybrid: v1 limits, v2 only names',
    mountinfo: [
      '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
      '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
      '33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct',
      '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
    ],
    cgroup: ['2:cpuacct:/', '1:cpu:/box', '0::/box'],
    files: { ...v1('/sys/fs/cgroup/cpu/box', 700_000), '/sys/fs/cgroup/unified/box/cpu.max': 'max 100000\n' },
    quota: 7,
  },
  {
    name: 'a place with a space, written in octal',
    mountinfo: ['35 24 0:30 / /mnt/control\\040groups rw - cgroup2 none rw'],
    cgroup: ['0::/a'],
    files: { '/mnt/control groups/a/cpu.max': '30000 20000\n' },
    quota: 1.5,
  },
  {
    name: 'a namespace entered from outside: the name leads out of it',
    mountinfo: ['35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw'],
    cgroup: ['0::/../other.scope'],
    files: { '/sys/fs/cgroup/cpu.max': '100000 100000\n', '/sys/fs/cgroup/../other.scope/cpu.max': '50000 100000\n' },
    quota: 1,
  },
  {
    name: "someone else's group mounted beside the own one does not count",
    mountinfo: [
      '35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
      '36 24 0:30 /../neighbour /watched rw - cgroup2 cgroup2 rw',
    ],
    cgroup: ['0::/'],
    files: { '/sys/fs/cgroup/cpu.max': '400000 100000\n', '/watched/cpu.max': '50000 100000\n' },
    quota: 4,
  },
  {
    name: 'no control groups mounted, as in a bare chroot',
    mountinfo: [],
    cgroup: ['0::/user.slice'],
    files: {},
    quota: undefined,
  },
];

for (const { name, mountinfo, cgroup, files, quota } of LAYOUTS) {
  test(name, (t) => {
    const all: Record<string, string> = {
      ...files,
      '/proc/self/mountinfo': [...OTHERS, ...mountinfo, ''].join('\n'),
      '/proc/self/cgroup': [...cgroup, ''].join('\n'),
    };
    const found = cpuQuota((path) => {
      const text = all[path];
      if (text === undefined) throw new Error(`ENOENT: ${path}`);
      return text;
    });
    t.is(found, quota);
  });
}

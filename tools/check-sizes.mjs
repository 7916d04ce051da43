// Prints the sizes of the package as it would be published now and of each binary in it; fails when one is above its limit.
import { spawnSync } from 'node:child_process';
import { fail, root } from './run.mjs';

const MEGABYTE = 1e6;
/** Largest sizes in bytes. */
const LIMITS = { packed: 6 * MEGABYTE, unpacked: 20 * MEGABYTE, binary: 2.5 * MEGABYTE };

const { status, stdout } = spawnSync('npm', ['pack', '--dry-run', '--json'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  shell: process.platform === 'win32',
});
if (status !== 0) fail('check-sizes: npm pack failed');
const [{ size, unpackedSize, files }] = JSON.parse(stdout);
const binaries = files.filter(({ path }) => path.startsWith('prebuilds/') && path.endsWith('.node'));
if (binaries.length === 0) fail('check-sizes: no binary in prebuilds/; run "npm run prebuild:all" first.');

const sizes = [
  ['the package, packed', size, LIMITS.packed],
  ['the package, unpacked', unpackedSize, LIMITS.unpacked],
  ...binaries.map((file) => [file.path, file.size, LIMITS.binary]),
];
for (const [name, bytes, limit] of sizes) {
  const verdict = bytes > limit ? ': TOO LARGE' : '';
  console.log(`${name}: ${(bytes / MEGABYTE).toFixed(2)} MB of ${limit / MEGABYTE} MB${verdict}`);
}
if (sizes.some(([, bytes, limit]) => bytes > limit)) fail('check-sizes: too large');

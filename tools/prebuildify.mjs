// npm run prebuildify: packs the addon for one platform into prebuilds/<os>-<arch>/, from where the published package loads it.
// `--arch arm64` builds for another architecture, where that is possible; `--out` names another folder to have prebuilds/ in.
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bin, root, runNode } from './run.mjs';
import { libc, targetFor } from './targets.mjs';

const { values } = parseArgs({
  options: { arch: { type: 'string', default: process.arch }, out: { type: 'string', default: root } },
});
const out = resolve(values.out);
const { platform, arch, folder, strip } = targetFor(values.arch);
const shim = join(root, 'tools', 'cmake-for-prebuildify.mjs');
mkdirSync(folder, { recursive: true });

runNode(bin('prebuildify', 'bin.js'), [
  ...['--napi', '--strip', '--strip-bin', strip, '--name', 'cnnative'],
  ...['--arch', arch, '--cwd', folder, '--out', out],
  ...(libc === undefined ? [] : ['--tag-libc', libc]),
  // Started as a file; Windows knows no such files, and has it split at the space by a shell.
  ...['--node-gyp', process.platform === 'win32' ? `node ${shim}` : shim],
]);

// The OpenMP runtime, which prebuildify does not look for in a folder.
const runtime = join(folder, 'build', 'Release', libc ?? '');
if (libc !== undefined && existsSync(runtime)) {
  cpSync(runtime, join(out, 'prebuilds', platform, libc), { recursive: true });
}

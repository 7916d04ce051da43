// npm run test:arm64: cross-builds the addon for 64-bit ARM Linux and runs the whole suite under emulation, on the Node of the
// same major version as this one. Arguments go to ava; CNNATIVE_MATRIX_SHARE=0.1 runs a sample of the files.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileWithCmake } from './build-native.mjs';
import { emulatedNode } from './emulate.mjs';
import { fetchNode } from './nodes.mjs';
import { bin, fail, root, run } from './run.mjs';
import { expectIsas, prepareSuite } from './suite.mjs';
import { targetFor } from './targets.mjs';

if (process.platform !== 'linux') fail('test:arm64: runs on Linux only.');

const { folder, options } = targetFor('arm64');
compileWithCmake(options);

const { node } = fetchNode('arm64', process.versions.node.split('.')[0]);
// The cross-compiler's package has the libraries of that system.
const emulator = ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'];
const emulated = emulatedNode('linux-arm64', emulator, node);
// The addon is loaded from below this folder instead of build/.
const env = {
  CNNATIVE_PREBUILD: folder,
  CNNATIVE_EMULATED: 'arm64',
  NODE_PATH: join(installSharp(), 'node_modules'),
  // A process of its own, whose output is the same on any machine: that of this one.
  ESBUILD_BINARY_PATH: bin(`@esbuild/linux-${process.arch}`, 'bin/esbuild'),
};
const runSuite = prepareSuite('test:arm64', ['lib', 'test']);
expectIsas(emulated, ['neon', 'scalar'], env);
runSuite(emulated, { timeout: '60m', env });

/** The optional peer with its binary for this architecture, which `npm ci` leaves out. Gives the folder it is in. */
function installSharp() {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'sharp', 'package.json'), 'utf8'));
  const folder = join(root, 'cross', `sharp-${version}`);
  if (existsSync(join(folder, 'node_modules', '@img', 'sharp-linux-arm64'))) return folder;
  mkdirSync(folder, { recursive: true });
  const options = ['--prefix', folder, '--no-audit', '--no-fund', '--os=linux', '--cpu=arm64', '--libc=glibc'];
  run('npm', ['install', ...options, `sharp@${version}`]);
  return folder;
}

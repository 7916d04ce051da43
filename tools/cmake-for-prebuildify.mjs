#!/usr/bin/env node
// Stands in for node-gyp when prebuildify builds: the package ships what cmake builds, and needs no Node headers.
// Called as `rebuild --target=<node> --devdir=<folder> --arch=<arch> --release`.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileWithCmake } from './build-native.mjs';
import { root, runNode } from './run.mjs';
import { targetFor } from './targets.mjs';

const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } }, strict: false });
const { platform, folder, options } = targetFor(values.arch);
compileWithCmake(options);
// Now, while the binary has its symbols: another compiler than the developers' may have built it.
if (platform === 'linux-x64') {
  runNode(join(root, 'tools', 'check-baseline.mjs'), [join(folder, 'build', 'Release', 'cnnative.node')]);
}

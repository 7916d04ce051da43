#!/usr/bin/env node
// Stands in for node-gyp when prebuildify builds: the package ships what cmake builds, and needs no Node headers.
// Called as `rebuild --target=<node> --devdir=<folder> --arch=<arch> --release`.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileWithCmake } from './build-native.mjs';
import { root } from './run.mjs';

const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } }, strict: false });

// From nothing: a prebuilt binary must not hold what an earlier configuration left.
rmSync(join(root, 'build'), { recursive: true, force: true });
compileWithCmake(['--arch', values.arch]);

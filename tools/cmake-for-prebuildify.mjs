#!/usr/bin/env node
// Stands in for node-gyp when prebuildify builds: the package ships what cmake builds, and needs no Node headers.
// Called as `rebuild --target=<node> --devdir=<folder> --arch=<arch> --release`.
import { parseArgs } from 'node:util';
import { compileWithCmake } from './build-native.mjs';
import { targetFor } from './targets.mjs';

const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } }, strict: false });
compileWithCmake(targetFor(values.arch).options);

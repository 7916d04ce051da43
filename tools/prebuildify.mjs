// Packs the addon for this platform into prebuilds/<os>-<arch>/, from where the published package loads it.
// Options are passed on to prebuildify, such as `--arch arm64`.
import { bin, runNode } from './run.mjs';

runNode(bin('prebuildify', 'bin.js'), [
  '--napi',
  '--strip',
  '--tag-libc',
  // A space would split it: prebuildify starts the file itself.
  '--node-gyp',
  './tools/cmake-for-prebuildify.mjs',
  ...process.argv.slice(2),
]);

// npm run sanitize: the whole suite on an addon built with the address and undefined-behaviour sanitizers.
// Arguments go to ava, such as the files to run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { compileWithCmake } from './build-native.mjs';
import { bin, fail, root, runNode } from './run.mjs';

if (process.platform !== 'linux') fail('sanitize: runs on Linux with g++ only.');

const runtime = spawnSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout?.trim();
if (!runtime?.startsWith('/')) fail('sanitize: g++ and its libasan were not found (on Debian, apt-get install g++).');

compileWithCmake(['-O', 'san/asan/build', '--CDSANITIZE=address,undefined']);
runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);
runNode(bin('ava', 'entrypoints/cli.mjs'), process.argv.slice(2), {
  env: {
    ...process.env,
    // node-gyp-build loads the addon from below this folder instead of build/.
    CNNATIVE_PREBUILD: join(root, 'san', 'asan'),
    LD_PRELOAD: runtime,
    // V8 and ava keep memory until the process ends; and asking for more memory than there is, is tested.
    ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  },
});

// npm run sanitize: the whole suite on an addon built with the address and undefined-behaviour sanitizers.
// Arguments go to ava, such as the files to run. CNNATIVE_SANITIZE_SHARE=0.2 runs what is nearest to native code and a fifth of the
// other files, drawn by CNNATIVE_SANITIZE_SEED (by the clock without it).
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { compileWithCmake } from './build-native.mjs';
import { bin, fail, root, runNode } from './run.mjs';
import { filesOf, sampleFromEnvironment } from './test-sample.mjs';

if (process.platform !== 'linux') fail('sanitize: runs on Linux with g++ only.');

const args = process.argv.slice(2);
const sample = args.length === 0 ? sampleFromEnvironment() : undefined;

const runtime = spawnSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout?.trim();
if (!runtime?.startsWith('/')) fail('sanitize: g++ and its libasan were not found (on Debian, apt-get install g++).');

compileWithCmake(['-O', 'san/asan/build', '--CDSANITIZE=address,undefined']);
runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);

const files = sample ? filesOf(sample) : [];
if (sample) {
  const again = `CNNATIVE_SANITIZE_SHARE=${sample.share} CNNATIVE_SANITIZE_SEED=${sample.seed} npm run sanitize`;
  console.log(`${files.length} test files, by: ${again}`);
  process.on('exit', (code) => {
    if (code === 0) return;
    console.error(`The same files again: ${again}`);
    console.error('One of them: npm run sanitize -- .test-build/FOLDER/FILE.test.js');
  });
}

// Far slower than the addon itself: ava must not take that for a hang.
runNode(bin('ava', 'entrypoints/cli.mjs'), ['--timeout=30m', ...files, ...args], {
  env: {
    ...process.env,
    // The addon is loaded from below this folder instead of build/.
    CNNATIVE_PREBUILD: join(root, 'san', 'asan'),
    LD_PRELOAD: runtime,
    // V8 and ava keep memory until the process ends; and asking for more memory than there is, is tested.
    ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  },
});

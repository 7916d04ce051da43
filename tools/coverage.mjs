// npm run coverage: runs the suite once but for LEFT_OUT, on an addon that counts its lines, and fails when fewer than 90 % of the lines of
// TypeScript or of C++ were run. Fills docs/coverage.md; coverage/not-run.txt has the lines. Arguments go to ava: then neither is judged or
// filled.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { filled } from '../bench/marked-text.mjs';
import { compileWithCmake } from './build-native.mjs';
import { cppLines } from './coverage-cpp.mjs';
import { byFolder, notRun, share } from './coverage-report.mjs';
import { typescriptLines } from './coverage-typescript.mjs';
import { exists, fail, root, runNode, runTests } from './run.mjs';
import { filesOf } from './test-sample.mjs';

const LEAST = 0.9;

/** Whole trainings of large networks, again and again: hours where lines are counted, and none that nothing else runs. */
const LEFT_OUT = ['determinism', 'workload-determinism', 'pytorch-networks'].map((name) => `training/${name}.test.js`);

const args = process.argv.slice(2);
if (!exists('gcovr')) fail('coverage: gcovr was not found (on Debian, apt-get install gcovr).');
const folder = join(root, 'coverage');
const build = join(folder, 'addon', 'build');
const v8 = join(folder, 'v8');

compileWithCmake(['-O', build, '--CDCOVERAGE=ON']);
runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);
forget();
// Threads that count the same line wait for each other, many times as long as the line takes: one thread each, but as many files as
// there are cores. Counting makes everything slower all the same: ava must not take that for a hang.
const all = filesOf({ share: 1, seed: '0' });
const files = all.filter((file) => !LEFT_OUT.some((name) => file.endsWith(`/${name}`)));
if (files.length !== all.length - LEFT_OUT.length) fail(`coverage: expected the tests ${LEFT_OUT.join(', ')}.`);
runTests(['--timeout=30m', `--concurrency=${availableParallelism()}`, ...(args.length > 0 ? args : files)], {
  env: { ...process.env, CNNATIVE_PREBUILD: join(folder, 'addon'), NODE_V8_COVERAGE: v8, OMP_NUM_THREADS: '1' },
});

const languages = { TypeScript: typescriptLines(v8), 'C++': cppLines(build) };
writeFileSync(join(folder, 'not-run.txt'), Object.values(languages).map(notRun).join(''));
const text = Object.entries(languages).map(([name, files]) => `## ${name}\n\n${byFolder(files)}`);
console.log(text.join('\n\n'));
if (args.length === 0) {
  publish();
  for (const [name, files] of Object.entries(languages)) {
    // None counted is not a number, and no pass.
    if (!(share(files) >= LEAST))
      fail(`coverage: expected ${100 * LEAST} % of the lines of ${name}; see coverage/not-run.txt.`);
  }
}

/** What earlier runs counted. */
function forget() {
  rmSync(v8, { recursive: true, force: true });
  mkdirSync(v8);
  // A test runs as another user, who counts too.
  chmodSync(v8, 0o1777);
  const counts = readdirSync(build, { recursive: true }).filter((file) => file.endsWith('.gcda'));
  for (const file of counts) rmSync(join(build, file));
}

function publish() {
  const path = join(root, 'docs', 'coverage.md');
  writeFileSync(path, filled(readFileSync(path, 'utf8'), 'coverage', text.join('\n\n')));
}

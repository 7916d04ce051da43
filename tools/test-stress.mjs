// npm run test:stress: what the suite tries a few times, many times over: 50 worker threads terminated at random moments, 100 pairs of
// trainings at once, 1000 models made and dropped, hundreds of processes ended in mid-step. CNNATIVE_TEST_SEED repeats the moments.
import { join } from 'node:path';
import { root, runNode, runTests } from './run.mjs';

runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);
const files = ['exit', 'memory', 'stress', 'workers'].map((name) => `.test-build/native/${name}.test.js`);
// One file after another: memory is measured.
runTests(['--concurrency=1', '--timeout=30m', ...files], {
  env: { ...process.env, CNNATIVE_TEST_STRESS: '1' },
});

// npm run test:kill: a training killed at 20 random moments, each time resumed. CNNATIVE_TEST_KILLS sets another number.
import { join } from 'node:path';
import { root, runNode, runTests } from './run.mjs';

runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);
const { CNNATIVE_TEST_KILLS = '20' } = process.env;
runTests(['.test-build/training/kill.test.js'], {
  env: { ...process.env, CNNATIVE_TEST_KILLS },
});

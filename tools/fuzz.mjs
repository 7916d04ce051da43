// npm run fuzz: reads 100 000 damaged and hostile files of each format, or as many as CNNATIVE_FUZZ says. Arguments go to ava.
import { join } from 'node:path';
import { root, runNode, runTests } from './run.mjs';

const INPUTS = '100000';

runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);
// ava gives up when no test ends for a while; each watches its own process.
runTests(['--timeout=3h', '.test-build/fuzz/fuzz.test.js', ...process.argv.slice(2)], {
  env: { ...process.env, CNNATIVE_FUZZ: process.env.CNNATIVE_FUZZ ?? INPUTS },
});

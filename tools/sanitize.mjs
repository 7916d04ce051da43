// npm run sanitize, npm run sanitize:thread: the whole suite on an addon built with the sanitizers of tools/sanitizers.mjs.
// Arguments go to ava, such as the files to run. CNNATIVE_SANITIZE_SHARE=0.2 runs more of what is nearest to native code and a fifth
// of the other files, drawn by CNNATIVE_SANITIZE_SEED (by the clock without it).
import { join } from 'node:path';
import { root, runNode, runTests } from './run.mjs';
import { buildSanitized } from './sanitizers.mjs';
import { announce, filesOf, sampleFromEnvironment } from './test-sample.mjs';

const VARIABLES = 'CNNATIVE_SANITIZE';

/** Shares of the folders nearest to native code, and of those the nearest to threads. */
const NEAREST = { address: { errors: 1, kernels: 0.2, native: 1, program: 1 }, thread: { native: 1, program: 1 } };

const [name, ...args] = process.argv.slice(2);
const command = name === 'address' ? 'npm run sanitize' : `npm run sanitize:${name}`;
const sample = args.length === 0 ? sampleFromEnvironment(VARIABLES) : undefined;

const env = buildSanitized(name);
runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);

const files = sample ? filesOf(sample, NEAREST[name]) : [];
if (sample) {
  announce(sample, files, VARIABLES, command);
  process.on(
    'exit',
    (code) => code !== 0 && console.error(`One of them: ${command} -- .test-build/FOLDER/FILE.test.js`),
  );
}

// Far slower than the addon itself: ava must not take that for a hang.
runTests(['--timeout=30m', ...files, ...args], { env });

// The suite, as it was built, on another Node, or on one under an emulator.
import { join } from 'node:path';
import { root, run, runNode, runTests } from './run.mjs';
import { announce, filesOf, sampleFromEnvironment } from './test-sample.mjs';

const VARIABLES = 'CNNATIVE_MATRIX';

/**
 * Builds, and gives a function that runs the suite with a Node. Arguments of the command line go to ava. Without any,
 * CNNATIVE_MATRIX_SHARE=0.1 runs that share of the files only, drawn by CNNATIVE_MATRIX_SEED (by the clock without it).
 */
export function prepareSuite(command, parts = ['native', 'lib', 'test']) {
  runNode(join(root, 'tools', 'build.mjs'), parts);
  const args = process.argv.slice(2);
  const sample = args.length === 0 ? sampleFromEnvironment(VARIABLES) : undefined;
  const files = sample ? filesOf(sample) : [];
  if (sample) announce(sample, files, VARIABLES, `npm run ${command}`);
  return (node, { env = {}, timeout = '10m' } = {}) =>
    runTests([`--timeout=${timeout}`, ...files, ...args], { node, env: { ...process.env, ...env } });
}

/** Ends the tool unless a Node, and the processes it starts, have exactly these instruction sets. */
export function expectIsas(node, isas, env = {}) {
  run(node, [join(root, 'tools', 'check-isas.mjs'), ...isas], { env: { ...process.env, ...env } });
}

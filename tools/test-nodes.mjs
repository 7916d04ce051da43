// npm run test:nodes: the whole suite, with the same addon, on Node 20, 22, 24 and the newest (Linux, x64). Arguments go to ava;
// CNNATIVE_MATRIX_NODES=22,24 picks some of them, CNNATIVE_MATRIX_SHARE a sample of the files.
import { fetchNode } from './nodes.mjs';
import { fail } from './run.mjs';
import { prepareSuite } from './suite.mjs';

if (process.platform !== 'linux' || process.arch !== 'x64') fail('test:nodes: runs on Linux x64 only.');

const { CNNATIVE_MATRIX_NODES = '20,22,24,latest' } = process.env;
const majors = CNNATIVE_MATRIX_NODES.split(',');
const wrong = majors.find((major) => !/^(\d+|latest)$/.test(major));
if (wrong !== undefined)
  fail(`CNNATIVE_MATRIX_NODES: expected majors such as 20,22,latest, received ${wrong || 'none'}.`);

const runSuite = prepareSuite('test:nodes');
for (const major of majors) {
  const { node, version } = fetchNode('x64', major);
  console.log(`Node ${version}`);
  runSuite(node);
}

// npm run test:isa: the whole suite once for each instruction set of this machine. Arguments go to ava.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runNode, runTests } from './run.mjs';

runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);
const { info } = await import(pathToFileURL(join(root, 'dist', 'index.js')).href);

// Each in processes of its own, with the variable set before they start: a worker thread's copy is not seen by the addon.
for (const isa of info().isas) {
  console.log(`CNNATIVE_ISA=${isa}`);
  runTests(process.argv.slice(2), { env: { ...process.env, CNNATIVE_ISA: isa } });
}

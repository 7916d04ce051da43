// Builds what is needed and runs one of examples/: `npm run example two-convolutions`. CNNATIVE_EXAMPLES=quick takes little data.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bin, fail, root, runNode } from './run.mjs';

const [name, ...options] = process.argv.slice(2);
const names = readdirSync(join(root, 'examples'))
  .filter((file) => file.endsWith('.ts') && file !== 'support.ts')
  .map((file) => file.slice(0, -'.ts'.length));
if (!names.includes(name)) fail(`expected the name of an example (${names.join(', ')}), received ${name ?? 'none'}.`);

runNode(join(root, 'tools/build.mjs'), ['native', 'lib']);
runNode(bin('typescript', 'bin/tsc'), ['-p', join(root, 'examples')]);
const script = join(root, '.examples-build', `${name}.js`);
if (!existsSync(script)) fail(`expected ${script} after the build, found none.`);
runNode(script, options, { cwd: root });

// Compiles and runs every ```ts block of README.md as written, each in an empty folder where only the built package is
// installed. The data sets come from CNNATIVE_DATA.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, fail, root, runNode, temporaryFolder } from './run.mjs';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const scripts = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]);
if (scripts.length === 0) fail('README.md: expected a ```ts block, found none.');

for (const [index, script] of scripts.entries()) {
  console.log(`README.md: script ${index + 1} of ${scripts.length}`);
  const folder = temporaryFolder('readme');
  install(folder);
  writeFileSync(join(folder, 'example.ts'), script);
  runNode(bin('typescript', 'bin/tsc'), ['-p', folder]);
  runNode(join(folder, 'example.js'), [], { cwd: folder });
}

function install(folder) {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(root, join(modules, 'cnnative'));
  cpSync(join(root, 'node_modules', '@types'), join(modules, '@types'), { recursive: true });
  cpSync(join(root, 'node_modules', 'undici-types'), join(modules, 'undici-types'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = { target: 'es2022', module: 'nodenext', strict: true, types: ['node'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.ts'] }));
}

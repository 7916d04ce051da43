// npm run test:types: the declarations of the packed package, without skipLibCheck, by every version of TypeScript that users may have, in
// every way of resolving it. Arguments choose versions: `npm run test:types -- 5.4 latest`.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyProject, npmInstall } from './pack.mjs';
import { buildAndPack } from './package.mjs';
import { root, runNode, temporaryFolder } from './run.mjs';

const VERSIONS = ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0', 'latest'];
const BUNDLER = { module: 'preserve', moduleResolution: 'bundler' };
const EVERYWHERE = ['esm.mts', 'commonjs.cts'];

const asked = process.argv.slice(2);
const versions = asked.length > 0 ? asked : VERSIONS;
const temp = temporaryFolder('types');
const tarball = await buildAndPack(temp);
const compilers = installCompilers();
const withNode = projectWith('with-node-types', tarball, '@types/node@20');
const withoutNode = projectWith('without-node-types', tarball);

for (const { version, tsc } of compilers) {
  const [major, minor] = version.split('.').map(Number);
  const requires = major > 5 || minor >= 8;
  const strict = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2022' };
  const node = { ...strict, lib: ['es2022'], types: ['node'] };
  check(withNode, { ...node, module: 'nodenext' }, requires ? [...EVERYWHERE, 'require.cts'] : EVERYWHERE);
  check(withNode, { ...node, module: 'node16' }, EVERYWHERE);
  check(withNode, { ...node, ...BUNDLER, exactOptionalPropertyTypes: true }, [...EVERYWHERE, 'require.cts']);
  check(withoutNode, { ...strict, module: 'nodenext', types: [] }, ['without-node-types.mts']);

  function check(folder, compilerOptions, files) {
    console.log(`TypeScript ${version}, ${compilerOptions.module}: ${files.join(', ')}`);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    runNode(tsc, ['-p', folder]);
  }
}
console.log(`types: pass on TypeScript ${compilers.map(({ version }) => version).join(', ')}`);

/** All versions side by side, by names of ours. */
function installCompilers() {
  const folder = emptyProject(temp, 'compilers');
  const specs = versions.map((version) => [`typescript-${version}`, /^\d/.test(version) ? `~${version}` : version]);
  npmInstall(folder, ...specs.map(([name, range]) => `${name}@npm:typescript@${range}`));
  return specs.map(([name]) => {
    const installed = join(folder, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    return { version, tsc: join(installed, 'bin', 'tsc') };
  });
}

function projectWith(name, ...packages) {
  const folder = emptyProject(temp, name);
  npmInstall(folder, ...packages);
  cpSync(join(root, 'tools', 'types'), folder, { recursive: true });
  return folder;
}

// Packs the package as it would be published and installs it as users do: from its prebuilt binary with no script run,
// and without a prebuilt one, where the install script compiles the sources.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack } from './package.mjs';
import { fail, root, run, runNode } from './run.mjs';

const temp = mkdtempSync(join(tmpdir(), 'cnnative-pack-'));
const tarball = await packPrebuilt();
installPrebuilt();
installFromSource();
rmSync(temp, { recursive: true });
console.log('pack smoke: both installs work');

async function packPrebuilt() {
  rmSync(join(root, 'prebuilds'), { recursive: true, force: true });
  runNode(join(root, 'tools', 'build.mjs'), ['lib']);
  runNode(join(root, 'tools', 'prebuildify.mjs'));
  const path = await pack(temp);
  runNode(join(root, 'tools', 'check-package.mjs'), [path]);
  rmSync(join(root, 'prebuilds'), { recursive: true });
  // prebuildify takes the binary out of build/; linking it again costs a second.
  runNode(join(root, 'tools', 'build.mjs'), ['native']);
  return path;
}

function installPrebuilt() {
  const folder = emptyProject('prebuilt');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], { cwd: folder });
  use(folder);
}

function installFromSource() {
  const folder = emptyProject('source');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], { cwd: folder });
  const installed = join(folder, 'node_modules', 'cnnative');
  rmSync(join(installed, 'prebuilds'), { recursive: true });
  const env = { ...process.env, JOBS: String(availableParallelism()) };
  // Headers beside this Node spare node-gyp the download.
  const nodeFolder = dirname(dirname(process.execPath));
  if (existsSync(join(nodeFolder, 'include', 'node', 'node_api.h'))) env.npm_config_nodedir = nodeFolder;
  run('npm', ['rebuild', '--ignore-scripts=false', 'cnnative'], { cwd: folder, env });
  if (!existsSync(join(installed, 'build', 'Release', 'cnnative.node'))) fail('the install script compiled nothing');
  use(folder);
}

function emptyProject(name) {
  const folder = join(temp, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  return folder;
}

/** Loads the package as its user does, on a machine with no other program. */
function use(folder) {
  const script = `import { info, recipes } from 'cnnative'; console.log(JSON.stringify([info(), recipes.list().length]));`;
  const env = { ...process.env, PATH: '' };
  run(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder, env });
}

// Packs the package as it would be published and installs it as users do: from its prebuilt binary with no script run,
// and without a prebuilt one, where the install script compiles the sources.
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { emptyProject, npmInstall, packWithBinary } from './pack.mjs';
import { fail, run, temporaryFolder } from './run.mjs';

const temp = temporaryFolder('pack');
const tarball = await packWithBinary(temp);
installPrebuilt();
installFromSource();
console.log('pack smoke: both installs work');

function installPrebuilt() {
  const folder = emptyProject(temp, 'prebuilt');
  npmInstall(folder, tarball);
  use(folder);
}

function installFromSource() {
  const folder = emptyProject(temp, 'source');
  npmInstall(folder, tarball);
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

/** Loads the package as its user does, on a machine with no other program. */
function use(folder) {
  const script = `import { info, recipes } from 'cnnative'; console.log(JSON.stringify([info(), recipes.list().length]));`;
  const env = { ...process.env, PATH: '' };
  run(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder, env });
}

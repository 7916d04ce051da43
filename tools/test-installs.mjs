// npm run test:installs: the package with its prebuilt binary, installed by every package manager with scripts ignored and nothing but Node
// and npm on the PATH; then imported, required, used in a worker thread and from bundles, each time training and predicting.
import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { delimiter, join } from 'node:path';
import { bundlers } from './installs/bundlers.mjs';
import { checkInstalled } from './installs/limits.mjs';
import { managers } from './installs/managers.mjs';
import { emptyProject, npmInstall, packWithBinary } from './pack.mjs';
import { fail, output, root, run, temporaryFolder } from './run.mjs';

const SCRIPTS = ['import.mjs', 'require.cjs', 'worker.mjs'];
/** With the machine for itself. */
const MOST_SECONDS = 3;
const ATTEMPTS = 5;

const temp = temporaryFolder('installs');
const tarball = await packWithBinary(temp);
const modules = installTools();
const env = bareEnvironment();

for (const { name, files = {}, install, node = () => ['node'], scripts = SCRIPTS } of managers) {
  console.log(`== ${name}`);
  const folder = emptyProject(temp, name);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  start(folder, install(modules, tarball));
  cpSync(join(root, 'tools', 'installs'), folder, { recursive: true });
  for (const script of scripts) start(folder, [...node(modules), script]);
}

const installed = join(temp, 'npm');
console.log('== limits');
checkInstalled(installed);
checkSeconds();
for (const { name, bundles } of bundlers) {
  console.log(`== ${name}`);
  for (const { command, output: bundle } of bundles(modules)) {
    start(installed, command);
    start(installed, ['node', bundle]);
  }
}
console.log(`installs: ${[...managers, ...bundlers].map(({ name }) => name).join(', ')} work`);

/** The managers and bundlers themselves. */
function installTools() {
  const folder = emptyProject(temp, 'tools');
  npmInstall(folder, ...new Set([...managers, ...bundlers].flatMap(({ packages = [] }) => packages)));
  return join(folder, 'node_modules');
}

/** As on a server that has Node and npm and no other program; the managers' stores and caches go when the test ends. */
function bareEnvironment() {
  const bin = join(temp, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  symlinkSync(onPath('npm'), join(bin, 'npm'));
  const registry = output('npm', ['config', 'get', 'registry']);
  return {
    ...process.env,
    PATH: bin,
    npm_config_registry: registry,
    YARN_CACHE_FOLDER: join(temp, 'yarn-cache'),
    YARN_GLOBAL_FOLDER: join(temp, 'yarn'),
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_ENABLE_TELEMETRY: '0',
    // On a machine of CI, Yarn would refuse to write the lockfile of a new project.
    YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
  };
}

function onPath(command) {
  for (const folder of process.env.PATH.split(delimiter)) {
    try {
      return realpathSync(join(folder, command));
    } catch {}
  }
  return fail(`${command}: expected it on the PATH, found none.`);
}

function start(folder, [command, ...args]) {
  run(command, args, { cwd: folder, env });
}

/** The time of an installation that has to download nothing, which the one before has made sure of. */
function checkSeconds() {
  const [npm] = managers;
  const seconds = [];
  let limit = 0;
  while (seconds.length < ATTEMPTS && !(Math.min(...seconds) < limit)) {
    const folder = emptyProject(temp, `npm-${seconds.length}`);
    const began = performance.now();
    start(folder, [...npm.install(modules, tarball), '--prefer-offline']);
    seconds.push((performance.now() - began) / 1000);
    // Of a processor that several wait for, each has its share.
    const waiting = Math.max(1, loadavg()[0] / availableParallelism());
    limit = MOST_SECONDS * waiting;
    const others = waiting > 1 ? ` on a machine with ${waiting.toFixed(1)} at work on each processor` : '';
    console.log(`npm install took ${seconds.at(-1).toFixed(2)} s, limit ${limit.toFixed(2)} s${others}`);
  }
  if (!(Math.min(...seconds) < limit)) fail(`npm install took too long, ${ATTEMPTS} times.`);
}

// npm run check:confined [-- TARBALL]: installs the package as published and uses it where servers are narrow: in a folder that holds
// Node, its libraries and nothing else, read-only but for a /tmp of 512 MB, as a user without a home, in 128 MB of memory, below
// 250 MB installed. Linux, as root: it enters that folder with chroot. Without a tarball one is packed from dist/ and prebuilds/.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { models } from '../dist/models/index.js';
import { folderBytes } from './folder-bytes.mjs';
import { pack } from './package.mjs';
import { exists, fail, run, temporaryFolder } from './run.mjs';

const MEGABYTE = 2 ** 20;
const LIMITS = { installed: 250 * MEGABYTE, memory: 128 * MEGABYTE, temporary: 512 * MEGABYTE };

const PREDICT = `import { loadModel } from 'cnnative';
const { data } = await (await loadModel('/app/lenet5')).predict(new Float32Array(28 * 28));
if (data.length !== 10) throw new Error('expected 10 outputs, received ' + data.length);
// A /proc is not everywhere.
const { readFileSync, existsSync } = await import('node:fs');
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
console.log('predicts', /VmHWM:.*/.exec(status)?.[0] ?? '');`;

if (process.platform !== 'linux' || process.getuid() !== 0)
  fail('check-confined: needs root on Linux, for chroot and mounts.');
for (const [command, from] of Object.entries({ unshare: 'util-linux', prlimit: 'util-linux', chroot: 'coreutils' })) {
  if (!exists(command)) fail(`check-confined: ${command} was not found (Debian: apt-get install ${from}).`);
}
const temp = temporaryFolder('confined');
const narrow = join(temp, 'root');
const app = join(narrow, 'app');
for (const name of ['app', 'bin', 'proc', 'tmp']) mkdirSync(join(narrow, name), { recursive: true });
copyNode(narrow);
await install(app, process.argv[2] ? resolve(process.argv[2]) : await pack(temp));
const size = folderBytes(join(app, 'node_modules'));
if (size > LIMITS.installed)
  fail(`check-confined: expected at most ${LIMITS.installed} bytes installed, received ${size}`);
console.log(`installed: ${(size / MEGABYTE).toFixed(1)} MB`);
run('chmod', ['-R', 'a+rX', temp]);
run('unshare', ['--mount', 'sh', '-ec', confined(narrow)], { env: { PATH: process.env.PATH } });
console.log('check-confined: predicts and trains');

/** What is done inside, as a script: mounts are gone when it ends. */
function confined(narrow) {
  const node = `env -i HOME=/nonexistent $(command -v chroot) --userspec=65534:65534 ${narrow} /bin/node`;
  const cli = '/app/node_modules/cnnative/dist/cli/main.js';
  return [
    'echo "no /proc, no environment:"',
    `env -i $(command -v chroot) ${narrow} /bin/node /app/predict.mjs`,
    'echo "read-only, no home:"',
    `mount --bind ${narrow} ${narrow}`,
    `mount -t tmpfs -o mode=1777,size=${LIMITS.temporary} tmpfs ${narrow}/tmp`,
    `mount -t proc proc ${narrow}/proc`,
    `mount -o remount,bind,ro ${narrow}`,
    `${node} /app/predict.mjs`,
    `${node} ${cli} train --dataset digits --model lenet5 --epochs 1 --out /tmp/run`,
    `echo "${LIMITS.memory / MEGABYTE} MB of memory:"`,
    `prlimit --data=${LIMITS.memory} ${node} /app/predict.mjs`,
  ].join('\n');
}

/** Node and the libraries it is linked with, at their places. */
function copyNode(narrow) {
  const node = realpathSync(process.execPath);
  cpSync(node, join(narrow, 'bin', 'node'));
  const { stdout } = spawnSync('ldd', [node], { encoding: 'utf8' });
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    mkdirSync(join(narrow, dirname(library)), { recursive: true });
    cpSync(realpathSync(library), join(narrow, library));
  }
}

async function install(app, tarball) {
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  writeFileSync(join(app, 'predict.mjs'), PREDICT);
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], { cwd: app });
  await models.lenet5().save(join(app, 'lenet5'));
}

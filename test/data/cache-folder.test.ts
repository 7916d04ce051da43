import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { cacheFolder } from '#lib/data/cache-folder.js';
import { packageRoot } from '../helpers/cli.js';

const folder = (platform: NodeJS.Platform, env: Record<string, string>, home = '/home/ann') =>
  cacheFolder({ platform, env, home });

test('follows the XDG specification', (t) => {
  t.is(folder('linux', { XDG_CACHE_HOME: '/fast/cache' }), '/fast/cache/cnnative');
  t.is(folder('linux', {}), '/home/ann/.cache/cnnative');
  t.is(folder('linux', { XDG_CACHE_HOME: '' }), '/home/ann/.cache/cnnative');
  t.is(folder('linux', { XDG_CACHE_HOME: 'relative' }), '/home/ann/.cache/cnnative');
  t.is(folder('freebsd', {}), '/home/ann/.cache/cnnative');
});

test('uses the caches of the Library on macOS', (t) => {
  t.is(folder('darwin', {}, '/Users/ann'), '/Users/ann/Library/Caches/cnnative');
  t.is(folder('darwin', { XDG_CACHE_HOME: '/c' }, '/Users/ann'), '/c/cnnative');
});

test('uses local application data on Windows', (t) => {
  t.is(folder('win32', { LOCALAPPDATA: 'D:\\Local' }), 'D:\\Local\\cnnative');
  t.is(folder('win32', { XDG_CACHE_HOME: '/c' }, 'C:\\Users\\ann'), 'C:\\Users\\ann\\AppData\\Local\\cnnative');
});

test('a user without a home keeps downloads in the temporary folder', (t) => {
  const homeless = (env: Record<string, string>) => cacheFolder({ platform: 'linux', env, home: undefined });
  t.is(homeless({}), join(tmpdir(), 'cnnative'));
  t.is(homeless({ XDG_CACHE_HOME: '/fast/cache' }), '/fast/cache/cnnative');
});

// A number that no one has, as containers may run as; only root can become somebody else.
const canBecome = process.platform === 'linux' && process.getuid?.() === 0;
(canBecome ? test : test.skip)('a user whom the system does not know has no home', (t) => {
  const module = pathToFileURL(join(packageRoot, 'dist', 'data', 'cache-folder.js')).href;
  const script = `process.setgid(54321); process.setuid(54321); console.log(cacheFolder())`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `import { cacheFolder } from '${module}'; ${script}`],
    { encoding: 'utf8', env: {} },
  );
  t.is(stderr, '');
  t.is(stdout, '/tmp/cnnative\n');
});

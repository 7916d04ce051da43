import test from 'ava';
import { cacheFolder } from '#lib/data/cache-folder.js';

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

import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { makeFolder } from '#lib/util/make-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

test('makes a folder and those above, once or many times', async (t) => {
  const path = join(await temporaryFolder(t), 'a', 'b', '..', 'c');
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(path, 'd'))]);
  await makeFolder(path);
  t.true(statSync(join(path, 'd')).isDirectory());
});

test('says what the system says where there can be none', async (t) => {
  const file = join(await temporaryFolder(t), 'file');
  await writeFile(file, '');
  await t.throwsAsync(makeFolder(file), { code: 'EEXIST' });
  await t.throwsAsync(makeFolder(join(file, 'below')), { code: 'ENOTDIR' });
  if (existsSync('/proc/self')) await t.throwsAsync(makeFolder('/proc/none/below'), { code: 'ENOENT' });
});

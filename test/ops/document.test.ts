import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { packageRoot } from '../helpers/cli.js';

/** Inside the package, so that scripts find it by its name. */
const FOLDER = join(packageRoot, '.test-build', 'ops-document');

test('scripts of docs/ops.md print what it says', async (t) => {
  const document = readFileSync(join(packageRoot, 'docs', 'ops.md'), 'utf8');
  const scripts = [...document.matchAll(/^```js\n(.*?)^```\n\n```text\n(.*?)^```$/gms)];
  t.is(scripts.length, document.split('```js').length - 1);
  await mkdir(FOLDER, { recursive: true });
  t.teardown(() => rm(FOLDER, { recursive: true }));
  for (const [i, [, script = '', expected]] of scripts.entries()) {
    const path = join(FOLDER, `${i}.mjs`);
    await writeFile(path, script);
    const { stdout, stderr, status } = spawnSync(process.execPath, [path], { encoding: 'utf8' });
    t.is(stderr, '');
    t.is(stdout, expected as string);
    t.is(status, 0);
  }
});

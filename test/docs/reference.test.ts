import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import * as cnnative from 'cnnative';
import { packageRoot } from '../helpers/cli.js';

// Whether all of it is up to date, `npm run reference -- --check` tells, which needs TypeDoc.
test('docs/api has every public name', (t) => {
  const index = readFileSync(join(packageRoot, 'lib', 'index.ts'), 'utf8');
  const lists = [...index.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, , list = '']) => list.split(','));
  const listed = lists.map((name) => name.replace(/^\s*type /, '').trim()).filter((name) => name !== '');
  t.true(listed.length > 100);
  const reference = readFileSync(join(packageRoot, 'docs', 'api', 'README.md'), 'utf8');
  const described = new Set(
    [...reference.matchAll(/^(?:### (\w+)|- \[(\w+)\]\(Namespace)/gm)].map((match) => match[1] ?? match[2]),
  );
  for (const name of new Set([...listed, ...Object.keys(cnnative)])) {
    t.true(described.has(name), `${name}: run npm run reference`);
  }
});

test('docs/api leaves what errors inherit from Error to the documents of Node', (t) => {
  const reference = readFileSync(join(packageRoot, 'docs', 'api', 'README.md'), 'utf8');
  t.true(reference.includes('### CnnativeError'));
  for (const name of ['captureStackTrace', 'prepareStackTrace', 'stackTraceLimit'])
    t.false(reference.includes(name), name);
});

import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { loadModel, recipes } from 'cnnative';
import { cli, jsonLines, packageRoot } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const QUICK = ['--dataset', 'digits', '--epochs', '1', '--batch-size', '1000'];

test('lists the recipes', async (t) => {
  const { code, stdout, stderr } = await cli(['recipes']);
  t.is(stderr, '');
  t.is(code, 0);
  t.regex(stdout, /^name +data set +parameters +multiply-adds +epochs +accuracy +time\n/);
  t.regex(stdout, /^mnist-fast +mnist +215,362 +1\.24 M +1\b/m);
  for (const { name, description } of recipes.list()) t.true(stdout.includes(description), name);
  const { stdout: json } = await cli(['recipes', '--json']);
  t.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(recipes.list())));
});

test('prints the file of one', async (t) => {
  const { stdout } = await cli(['recipes', 'cifar10-94']);
  t.is(stdout, readFileSync(join(packageRoot, 'recipes', 'cifar10-94.json'), 'utf8'));
  const { stdout: json } = await cli(['recipes', 'cifar10-94', '--json']);
  t.regex(json, /^[^\n]*\n$/);
  t.deepEqual(JSON.parse(json), recipes.config('cifar10-94'));
  const { code, stderr } = await cli(['recipes', 'mnist-slow']);
  t.is(code, 2);
  t.regex(stderr, /'mnist-slow' is invalid.*Allowed choices are mnist-fast, /);
});

test('trains by a recipe, with what options say in its place', async (t) => {
  const folder = await temporaryFolder(t);
  const out = join(folder, 'run');
  const args = ['train', '--recipe', 'mnist-fast', ...QUICK, '--seed', '4', '--out', out, '--json'];
  const { code, stdout, stderr } = await cli(args);
  t.is(stderr, '');
  t.is(code, 0);
  t.deepEqual(
    jsonLines(stdout).map(({ event }) => event),
    ['epoch', 'done'],
  );
  const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'));
  t.like(config, { name: 'mnist-fast', seed: 4, data: { type: 'digits' }, training: { epochs: 1, batchSize: 1000 } });
  t.deepEqual(config.optimizer, recipes.config('mnist-fast').optimizer);
  t.is((await loadModel(out)).parameterCount, recipes.model('mnist-fast').parameterCount);

  // The recipe names itself; a configuration beside it would be another.
  t.regex((await cli(args.slice(0, 3).concat(QUICK))).stdout, /^Training mnist-fast \(215,362 parameters\) on digits/);
  const both = await cli(['train', '--recipe', 'mnist-fast', 'other.json']);
  t.is(both.code, 2);
  t.regex(both.stderr, /--recipe: expected no configuration beside it/);
});

test('data of a recipe is looked for where --data says', async (t) => {
  const folder = await temporaryFolder(t);
  const { code, stderr } = await cli(['train', '--recipe', 'cifar10-94', '--data', join(folder, 'nowhere')]);
  t.is(code, 1);
  t.regex(stderr, /^cnnative: --data: .*nowhere/);
});

test('--seeds repeats a recipe, each run in a folder of its own', async (t) => {
  const folder = await temporaryFolder(t);
  const args = ['train', '--recipe', 'mnist-fast', ...QUICK, '--seeds', '3,1', '--out', join(folder, 'all'), '--json'];
  const { code, stdout, stderr } = await cli(args);
  t.is(stderr, '');
  t.is(code, 0);
  const summary = jsonLines(stdout).at(-1) as { runs: Record<string, unknown>[] };
  t.deepEqual(
    summary.runs.map(({ name, status }) => [name, status]),
    [
      ['seed-3', 'done'],
      ['seed-1', 'done'],
    ],
  );
  for (const seed of [3, 1]) {
    const run = join(folder, 'all', `seed-${seed}`);
    t.is(JSON.parse(await readFile(join(run, 'config.json'), 'utf8')).seed, seed);
    t.true(existsSync(join(run, 'model', 'model.json')));
  }
});

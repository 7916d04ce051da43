import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { RECIPE_NAMES } from '#lib/recipes/names.js';
import { benchModule } from '../helpers/bench-module.js';
import { PATIENCE } from '../helpers/child.js';
import { packageRoot } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const script = fileURLToPath(new URL('../../bench/recipes.mjs', import.meta.url));
const bench = (...args: string[]) => promisify(execFile)(process.execPath, [script, ...args], { timeout: PATIENCE });

interface Run {
  readonly epochs: readonly { readonly epoch: number; readonly valAccuracy: number }[];
  readonly training: readonly (readonly [number, number])[];
}
const { learningCurves } = await benchModule<{
  learningCurves(title: string, runs: readonly Run[], goal: number): string;
}>('recipes/chart.mjs');
const { filled } = await benchModule<{ filled(document: string, mark: string, text: string): string }>(
  'marked-text.mjs',
);
const { GOALS } = await benchModule<{ GOALS: object }>('recipes/goals.mjs');

test('every recipe has a goal, and a place in the document', async (t) => {
  t.deepEqual(Object.keys(GOALS), [...RECIPE_NAMES]);
  const document = await readFile(join(packageRoot, 'docs', 'recipes.md'), 'utf8');
  for (const mark of ['all', ...RECIPE_NAMES]) t.notThrows(() => filled(document, mark, 'x'), mark);
});

test('a text takes the place of the one before, and of nothing else', (t) => {
  const document = 'a\n<!-- measured x -->\n<!-- end -->\nb\n<!-- measured y -->\nold\n<!-- end -->\nc\n';
  const once = filled(document, 'x', 'new');
  t.is(once, 'a\n<!-- measured x -->\n\nnew\n\n<!-- end -->\nb\n<!-- measured y -->\nold\n<!-- end -->\nc\n');
  t.is(filled(once, 'x', 'new'), once);
  t.true(filled(once, 'y', 'newer').endsWith('b\n<!-- measured y -->\n\nnewer\n\n<!-- end -->\nc\n'));
  t.throws(() => filled(document, 'z', 'new'), { message: /expected <!-- measured z -->/ });
});

test('curves have a point for each epoch of each run, all within the picture', (t) => {
  const run = (values: readonly number[]): Run => ({
    epochs: values.map((valAccuracy, i) => ({ epoch: i + 1, valAccuracy })),
    training: values.map((value, i) => [i + 0.5, value - 0.2] as const),
  });
  for (const runs of [[run([0.3, 0.8, 0.9]), run([0.4, 0.7, 0.92])], [run([0.991])], [run([1, 1])]]) {
    const svg = learningCurves('name', runs, 0.9);
    t.is(
      svg.match(/<circle /g)?.length,
      runs.reduce((sum, { epochs }) => sum + epochs.length, 0),
    );
    t.is(svg.match(/<polyline /g)?.length, 2 * runs.length);
    t.regex(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 720 400"/);
    t.false(svg.includes('NaN'));
    const places = [...svg.matchAll(/cx="([\d.-]+)" cy="([\d.-]+)"/g)];
    for (const [, x, y] of places) t.true(Number(x) >= 64 && Number(x) <= 700 && Number(y) >= 30 && Number(y) <= 352);
    // Fewer errors are lower.
    const heights = places.slice(0, runs[0]?.epochs.length).map(([, , y]) => Number(y));
    t.true(heights.every((y, i) => i === 0 || y >= (heights[i - 1] as number)));
  }
});

test('measures a recipe and writes what it reaches', async (t) => {
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'recipes'));
  for (const file of ['docs/recipes.md', 'recipes/measured.json']) {
    await cp(join(packageRoot, file), join(root, file), { recursive: true });
  }
  const out = join(root, 'out');
  const quick = ['--train', '--dataset digits --epochs 1', '--seconds', '0.01', '--seeds', '2,5'];
  const { stdout } = await bench('mnist-fast', ...quick, '--root', root, '--out', out);
  t.is(stdout, await readFile(join(out, 'recipes.md'), 'utf8'));
  const measured = JSON.parse(await readFile(join(root, 'recipes', 'measured.json'), 'utf8'));
  const { seeds, accuracy, seconds, rateOfStep } = measured['mnist-fast'];
  t.deepEqual(seeds, [2, 5]);
  t.true(accuracy.mean > 0.5 && accuracy.min <= accuracy.mean && accuracy.mean <= accuracy.max);
  t.true(seconds.mean > 0 && rateOfStep > 0);
  const { recipes } = JSON.parse(await readFile(join(out, 'recipes.json'), 'utf8'));
  t.is(recipes[0].flop, 6 * recipes[0].multiplyAdds * 12_000);
  t.deepEqual(
    recipes[0].runs.map(({ seed }: { seed: number }) => seed),
    [2, 5],
  );
  const document = await readFile(join(root, 'docs', 'recipes.md'), 'utf8');
  const percent = `${(accuracy.mean * 100).toFixed(2)} %`;
  t.is(document.split(percent).length - 1 >= 2, true);
  t.true(document.includes('](recipes/mnist-fast.svg)'));
  t.regex(await readFile(join(root, 'docs', 'recipes', 'mnist-fast.svg'), 'utf8'), /<circle /);
});

test('a recipe that there is not is bad usage', async (t) => {
  const { stderr } = await t.throwsAsync<Error & { stderr: string }>(bench('mnist'));
  t.regex(stderr, /expected names of mnist-fast, .*, received 'mnist'/);
});

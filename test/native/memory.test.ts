import test from 'ava';
import { isEmulated, isWatched, runChild } from '../helpers/child.js';
import { tries } from '../helpers/stress.js';

const MEGABYTE = 2 ** 20;

async function growth(
  work: string,
  child = 'train-often',
  count = 0,
): Promise<{ resident: number; javascript: number }> {
  const { code, stdout, stderr } = await runChild(child, { args: [work, String(count)] });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

// A sanitizer keeps released memory for a while, to catch its use; an emulator what it has translated; a counter of lines its counts.
const measured = isWatched || isEmulated ? test.skip : test;

measured('200 trainings of a model grow the process by less than 10 MB', async (t) => {
  const { resident } = await growth('same');
  t.true(resident < 10 * MEGABYTE, `${resident / MEGABYTE} MB`);
  t.log(`${(resident / MEGABYTE).toFixed(1)} MB`);
});

measured('200 trainings of a new model each grow the process by less than 10 MB', async (t) => {
  const { resident, javascript } = await growth('new');
  // V8 widens its own heap for short-lived objects as it sees fit; that is bounded and not ours.
  t.true(resident - javascript < 10 * MEGABYTE, `${resident / MEGABYTE} MB, of which V8 ${javascript / MEGABYTE} MB`);
  t.log(`${(resident / MEGABYTE).toFixed(1)} MB, of which V8's heap ${(javascript / MEGABYTE).toFixed(1)} MB`);
});

measured('optimizer state of earlier compiles is collected in time', async (t) => {
  // 200 states of 4 MB: V8 must know that they weigh on the process.
  const { resident } = await growth('recompiled');
  t.true(resident < 200 * MEGABYTE, `${resident / MEGABYTE} MB`);
});

for (const [work, title] of Object.entries({
  mixed: '2000 predictions of small and large batches grow the process by less than 10 MB',
  single: '20000 predictions of single samples grow the process by less than 10 MB',
})) {
  measured(title, async (t) => {
    const { resident } = await growth(work, 'predict-often');
    t.true(resident < 10 * MEGABYTE, `${resident / MEGABYTE} MB`);
    t.log(`${(resident / MEGABYTE).toFixed(1)} MB`);
  });
}

const MODELS = tries(100, 1000);
const WORKERS = tries(20, 100);

for (const [work, count, title] of [
  ['models', MODELS, `${MODELS} models made, trained for a step and dropped grow the process by less than 10 MB`],
  ['workers', WORKERS, `${WORKERS} worker threads that load the package, train and end grow it by less than 10 MB`],
] as const) {
  measured(title, async (t) => {
    const { resident, javascript } = await growth(work, 'dropped', count);
    t.true(resident - javascript < 10 * MEGABYTE, `${resident / MEGABYTE} MB, of which V8 ${javascript / MEGABYTE} MB`);
    t.log(`${(resident / MEGABYTE).toFixed(1)} MB, of which V8's heap ${(javascript / MEGABYTE).toFixed(1)} MB`);
  });
}

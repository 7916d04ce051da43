// Trains by a recipe with several seeds and times the steps of its network alone, in turn.
import { fileURLToPath } from 'node:url';
import { recipes } from 'cnnative';
import { spreadOf } from '../../dist/util/spread.js';
import { jsonLinesOf, jsonOf } from '../child.mjs';
import { compare } from '../statistics.mjs';
import { GOALS, LEAST_RATE } from './goals.mjs';

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const step = fileURLToPath(new URL('../own/recipe-step.mjs', import.meta.url));

/** Points of the curve of a training, about. */
const POINTS = 60;
/** A forward multiply-add is 2 FLOP, and training does it again in both gradients. */
const FLOP_PER_MULTIPLY_ADD = 6;

/**
 * @param args further arguments of `cnnative train`
 * @param say told what is being done
 */
export async function measureRecipe(name, { seeds, seconds, threads, args = [], say }) {
  const info = recipes.list().find((one) => one.name === name);
  const goal = GOALS[name];
  const runs = [];
  const rates = { fit: [], step: [] };
  for (const seed of seeds) {
    say(`the step alone, ${seconds} s`);
    const alone = await jsonOf(process.execPath, [step, name, `${seconds}`, `${threads}`]);
    say(`seed ${seed}`);
    const run = await train(name, seed, threads, args);
    say(`seed ${seed}: ${(run.accuracy * 100).toFixed(2)} % in ${run.seconds.toFixed(1)} s`);
    runs.push(run);
    rates.step.push(alone.imagesPerSecond);
    rates.fit.push(run.imagesPerSecond);
  }
  const accuracy = spreadOf(runs.map((run) => run.accuracy));
  const time = spreadOf(runs.map((run) => run.seconds));
  const ratio = compare(rates.fit, rates.step, 'higher');
  const images = runs[0].seconds * runs[0].imagesPerSecond;
  return {
    ...info,
    goal,
    held: accuracy.mean >= goal.accuracy && time.mean < goal.seconds && seeds.length >= goal.seeds,
    fastEnough: ratio.median >= LEAST_RATE,
    flop: FLOP_PER_MULTIPLY_ADD * info.multiplyAdds * Math.round(images),
    seeds,
    accuracy,
    seconds: time,
    rates: { ...rates, ratio },
    runs,
  };
}

async function train(name, seed, threads, args) {
  const command = [cli, 'train', '--recipe', name, ...args, '--seed', `${seed}`, '--threads', `${threads}`, '--json'];
  const lines = await jsonLinesOf(process.execPath, [...command, '--log-every', '1']);
  const epochs = lines.filter(({ event }) => event === 'epoch');
  const steps = lines.filter(({ event }) => event === 'step');
  const { testAccuracy: accuracy, testLoss, seconds, imagesPerSecond } = lines.at(-1);
  const stepsPerEpoch = epochs[0].step;
  return {
    seed,
    accuracy,
    testLoss,
    seconds,
    imagesPerSecond,
    epochs: epochs.map(({ event: _, ...numbers }) => numbers),
    training: smoothed(steps).map(([at, value]) => [at / stepsPerEpoch, value]),
  };
}

/** Means over stretches of steps, at the step in their middle: a batch is a small sample. */
function smoothed(steps) {
  const length = Math.max(1, Math.ceil(steps.length / POINTS));
  const points = [];
  for (let begin = 0; begin < steps.length; begin += length) {
    const part = steps.slice(begin, begin + length);
    const mean = part.reduce((sum, { accuracy }) => sum + accuracy, 0) / part.length;
    points.push([begin + part.length / 2, mean]);
  }
  return points;
}

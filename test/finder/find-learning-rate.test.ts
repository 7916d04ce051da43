import test from 'ava';
import {
  datasets,
  findLearningRate,
  InvalidArgumentError,
  type LearningRateFinding,
  layers,
  learningRateChart,
  losses,
  type Model,
  optimizers,
  schedules,
  sequential,
} from 'cnnative';
import sharp from 'sharp';
import { suggestRates } from '#lib/finder/finding.js';
import { SmoothedLoss } from '#lib/finder/smoothed-loss.js';
import { isClose } from '../helpers/closeness.js';
import { blobs, smallModel } from '../helpers/small.js';
import { pictureModel, pictures, SHAPE, streamedOf } from '../helpers/streamed.js';
import { fingerprint, trained } from '../helpers/trained.js';

/** With statistics and random layers, whose state must not change either. */
function model(learningRate: Parameters<typeof optimizers.sgd>[0] = {}): Model {
  const made = sequential({ inputShape: [2], seed: 4 }, [
    layers.dense({ units: 16, activation: 'relu' }),
    layers.batchNormalization(),
    layers.dropout({ rate: 0.1 }),
    layers.dense({ units: 3, activation: 'softmax' }),
  ]);
  const optimizer = optimizers.sgd({ momentum: 0.9, ...learningRate });
  made.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return made;
}

test('the losses are those of a training whose rates grow by the same factor', async (t) => {
  const data = blobs(96);
  const [from, to, steps] = [1e-4, 1, 30];
  const ramp = Array.from({ length: steps }, (_, i) => from * (to / from) ** (i / (steps - 1)));
  const found = await findLearningRate(model(), data, { from, to, steps, batchSize: 16, divergence: 1e9 });
  isClose(t, 'rates', found.rates, ramp, 1e-15);
  t.false(found.diverged);

  // 5 epochs of 6 steps.
  const learningRate = schedules.custom((step) => found.rates[step] as number);
  const truth = await trained(model({ learningRate }), data, { epochs: 5, batchSize: 16 });
  t.deepEqual(found.losses, truth.losses);

  let mean = found.losses[0] as number;
  let weight = 1;
  const smoothed = found.losses.map((loss, i) => {
    // The mean weighs the loss of k steps ago by 0.9^k.
    if (i > 0) mean = (0.9 * weight * mean + loss) / (0.9 * weight + 1);
    weight = i > 0 ? 0.9 * weight + 1 : 1;
    return mean;
  });
  isClose(t, 'smoothed losses', found.smoothedLosses, smoothed, 1e-12);
});

test('a set that is read in pieces gives what it gives in memory; a stream of batches is refused', async (t) => {
  const set = pictures(75);
  const options = { steps: 20, batchSize: 16 };
  const inMemory = await findLearningRate(pictureModel(), set, options);
  t.deepEqual(await findLearningRate(pictureModel(), streamedOf(set, { readAhead: 2000 }), options), inMemory);
  const stream = datasets.fromBatches([], { shape: SHAPE, classes: 5, size: 75 });
  await t.throwsAsync(findLearningRate(pictureModel(), stream as never), {
    instanceOf: InvalidArgumentError,
    message: /samples can be drawn in any order, received a stream of batches/,
  });
});

test('the model trains on as if nothing had been', async (t) => {
  const [straight, searched] = [model(), model()];
  const data = blobs(100);
  for (const each of [straight, searched]) await each.fit(data, { epochs: 2, batchSize: 16 });
  const before = await fingerprint(searched);
  await findLearningRate(searched, data, { steps: 40, batchSize: 16 });
  t.is(await fingerprint(searched), before);
  const options = { epochs: 2, batchSize: 16 };
  t.deepEqual(await trained(searched, data, options), await trained(straight, data, options));
});

test('it suggests rates that learn, and stops when the loss diverges', async (t) => {
  // Every seventh label is wrong: no rate, however large, makes the loss 0.
  const points = blobs(300);
  const labels = points.labels.map((label, i) => (i % 7 === 0 ? (label + 1) % 3 : label));
  const data = datasets.fromArrays({ images: points.images, labels, shape: [2], classes: 3 });
  const found = await findLearningRate(smallModel(), data, { from: 1e-5, to: 1e5, steps: 200, divergence: 2 });
  t.true(found.diverged);
  t.true(found.rates.length < 200);
  for (const values of [found.losses, found.smoothedLosses]) t.is(values.length, found.rates.length);
  const { suggestion = 0, minimumOverTen = 0 } = found;
  t.is(found.suggestion, found.steepest);
  for (const learningRate of [suggestion, minimumOverTen]) {
    t.true(learningRate > 1e-3 && learningRate < 10, `${learningRate}`);
    const learner = smallModel({ sgd: { learningRate } });
    const history = await learner.fit(data, { epochs: 5 });
    t.true((history.history.loss.at(-1) ?? 9) < 0.6 * (found.losses[0] as number), `${history.history.loss}`);
  }
});

test('losses of 0 and below diverge by their size, not as multiples of the least', (t) => {
  const endOf = (losses: readonly number[], divergence: number) => {
    const smoothed = new SmoothedLoss(0, divergence);
    return losses.findIndex((loss) => smoothed.add(loss));
  };
  // From 1 to 0, as of hinge, and up again: 3 above the least is as far as it may go.
  t.is(endOf([1, 0.5, 0, 1e-6, 1, 3, 3.01], 4), 6);
  // Below 0 on its way down, as of a KL divergence of targets that are not normalised.
  t.is(endOf([-1, -2, -2.5, -2, 0, 5, 5.01], 4), 6);
  t.is(endOf([-1, -2, -4, NaN], 4), 3);
  // Above 0 a loss that only grows may grow to so many times the first.
  t.is(endOf([2, 3, 8, 8.01], 4), 3);
  t.is(endOf([2.3, 1, 0.1, 0.4, 0.41], 4), 4);
  t.is(endOf([0, 0, 0], 4), -1);
});

test('another compile while it runs is not seen', async (t) => {
  const data = blobs(96);
  const options = { steps: 20, batchSize: 16 };
  const found = await findLearningRate(model(), data, options);
  const recompiled = model();
  const running = findLearningRate(recompiled, data, options);
  recompiled.compile({ optimizer: optimizers.adam(), loss: 'categoricalCrossentropy', metrics: [] });
  t.deepEqual(await running, found);
});

test('the suggestion lies where a known curve falls fastest', (t) => {
  // A step down in the middle of the logarithms, then up: steepest at 1e-3, least near 1e-1.
  const rates = Array.from({ length: 121 }, (_, i) => 10 ** (-6 + i / 20));
  const curve = rates.map((rate) => {
    const place = Math.log10(rate);
    return 1 / (1 + Math.exp(4 * (place + 3))) + Math.exp(6 * (place - 1));
  });
  const { suggestion, minimumOverTen } = suggestRates(rates, [...curve, NaN]);
  isClose(t, 'steepest', [suggestion as number], [1e-3], 1e-9);
  const least = rates[curve.indexOf(Math.min(...curve))] as number;
  t.is(minimumOverTen, least / 10);
  const rising = suggestRates(
    rates,
    rates.map((_, i) => i),
  );
  t.deepEqual(rising, { suggestion: undefined, steepest: undefined, minimumOverTen: undefined });
});

test('the chart is a picture with a point for every loss', async (t) => {
  const found = await findLearningRate(smallModel(), blobs(200), { to: 1e4, divergence: 1e9 });
  const odd: LearningRateFinding = { ...found, losses: [...found.losses.slice(0, -1), NaN] };
  for (const [finding, points] of [
    [found, found.losses.length],
    [odd, found.losses.length - 1],
    [{ ...found, rates: [0.1], losses: [1], smoothedLosses: [1], suggestion: undefined }, 1],
    [{ ...found, rates: [0.1], losses: [NaN], smoothedLosses: [NaN], suggestion: undefined }, 0],
  ] as const) {
    const svg = learningRateChart(finding);
    t.is(svg.split('<circle').length - 1, points);
    t.false(/NaN|Infinity|undefined/.test(svg));
    const { width, height, channels } = await sharp(Buffer.from(svg))
      .png()
      .toBuffer()
      .then((png) => sharp(png).metadata());
    t.deepEqual([width, height], [720, 440]);
    t.true(channels >= 3);
  }
});

test('rejects options and models that do not fit', async (t) => {
  const rejects = (act: Promise<unknown>, message: RegExp) =>
    t.throwsAsync(act, { instanceOf: InvalidArgumentError, message });
  const data = blobs(64);
  await rejects(findLearningRate({} as never, data), /findLearningRate: expected a model/);
  await rejects(findLearningRate(smallModel(), data, { from: 0 }), /for from, received 0/);
  await rejects(
    findLearningRate(smallModel(), data, { from: 1, to: 0.1 }),
    /above from, which is 1, for to, received 0.1/,
  );
  await rejects(findLearningRate(smallModel(), data, { steps: 9 }), /from 10 to 1000000 for steps/);
  await rejects(findLearningRate(smallModel(), data, { smoothing: 1 }), /smoothing, received 1/);
  await rejects(findLearningRate(smallModel(), data, { from: 1e-320, to: 1 }), /from, received 1e-320/);
  await rejects(findLearningRate(smallModel(), data, { to: 1e300 }), /to, received 1e\+300/);
  await rejects(
    findLearningRate(smallModel(), data, { steps: 2 ** 53 - 1 }),
    /an integer from 10 to 1000000 for steps/,
  );
  await rejects(findLearningRate(smallModel(), data, { divergence: 0.5 }), /divergence, received 0.5/);
  await rejects(findLearningRate(smallModel(), data, { epochs: 2 } as never), /"epochs"/);
  await rejects(findLearningRate(smallModel(), [] as never), /findLearningRate: expected a dataset/);
  const fresh = sequential({ inputShape: [2] }, [layers.dense({ units: 3 })]);
  await rejects(findLearningRate(fresh, data), /findLearningRate: expected a compiled model/);
  fresh.compile({ optimizer: optimizers.sgd(), loss: losses.sparseCategoricalCrossentropy({ reduction: 'none' }) });
  await rejects(findLearningRate(fresh, data), /reduction 'mean' or 'sum'/);
});

test('an aborted search rejects with the reason', async (t) => {
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  t.is(await t.throwsAsync(findLearningRate(smallModel(), blobs(64), { signal })), reason);
});

test('a chart of something else is refused', (t) => {
  const found = { rates: [0.1, 1], losses: [2, 1], smoothedLosses: [2, 1], diverged: false, suggestion: undefined };
  for (const [finding, message] of [
    [null, /learningRateChart: expected what findLearningRate found, received null\. Give what await findLearningRate/],
    [Promise.resolve(found), /received an object of class Promise/],
    [{}, /one at least, for rates, received undefined/],
    [{ ...found, rates: [] }, /for rates, received \[\]/],
    [{ ...found, rates: [0, 1] }, /numbers above 0, one at least, for rates, received \[0, 1\]/],
    [{ ...found, losses: undefined }, /an array of 2 numbers, one for each of rates, for losses, received undefined/],
    [{ ...found, smoothedLosses: [1] }, /for smoothedLosses, received \[1\]/],
    [{ ...found, suggestion: null }, /a number above 0 or none for suggestion, received null/],
  ] as const) {
    t.throws(() => learningRateChart(finding as never), { instanceOf: InvalidArgumentError, message });
  }
  // A finding read from JSON has null where a loss was infinite.
  t.regex(learningRateChart({ ...found, losses: [2, null] } as never), /^<svg/);
});

test('a chart is drawn of as many steps as there may be', (t) => {
  const rates = Array.from({ length: 200_000 }, (_, i) => 1e-6 * 1.00005 ** i);
  const finding = { rates, losses: rates, smoothedLosses: rates } as unknown as LearningRateFinding;
  t.regex(learningRateChart(finding), /^<svg/);
});

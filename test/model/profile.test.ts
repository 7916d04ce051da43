import test from 'ava';
import { InvalidArgumentError, layers, type Model, optimizers, type Profile, sequential } from 'cnnative';
import { attempts } from '../helpers/attempts.js';
import { lenet5 } from '../helpers/lenet5.js';
import { noise, smallModel } from '../helpers/small.js';

const set = noise(96, [1, 28, 28], 10);

const bitsOf = async (model: Model) =>
  Object.entries(await model.getWeights()).map(([name, { data }]) => [name, Buffer.from(data.buffer).toString('hex')]);

test('a profile changes neither weights nor optimizer state, to the bit', async (t) => {
  const [profiled, plain] = [lenet5(), lenet5()];
  for (const model of [profiled, plain]) await model.fit(set, { batchSize: 32 });
  const before = await bitsOf(profiled);
  for (const phase of ['train', 'infer'] as const) await profiled.profile({ phase, batchSize: 32, seconds: 0.05 });
  t.deepEqual(await bitsOf(profiled), before);
  // With momentum the next epoch depends on the state as well.
  for (const model of [profiled, plain]) await model.fit(set, { batchSize: 32 });
  t.notDeepEqual(await bitsOf(profiled), before);
  t.deepEqual(await bitsOf(profiled), await bitsOf(plain));
});

test('a profile has a row for each call, in the order of the step', async (t) => {
  const profile = await lenet5().profile({ batchSize: 33, seconds: 0.1, threads: 1 });
  const { calls, total, phase, batchSize, threads, steps, peakGflops } = profile;
  t.deepEqual([phase, batchSize, threads], ['train', 33, 1]);
  t.true(steps >= 1 && peakGflops > 0);
  const phases = calls.map((call) => call.phase);
  t.deepEqual(
    [...phases].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)),
    phases,
  );
  t.deepEqual(
    calls.filter(({ op }) => op === 'dense').map(({ layer }) => layer),
    ['dense', 'dense_1', 'dense_2'],
  );
  t.true(calls.every(({ milliseconds, bytes }) => milliseconds > 0 && bytes > 0));
  t.true(Math.abs(calls.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
  t.true(Math.abs(calls.reduce((sum, { milliseconds }) => sum + milliseconds, 0) - total.milliseconds) < 1e-9);
});

test('the calls of one thread take the time of a step', async (t) => {
  const model = lenet5();
  const agreeing = await attempts(5, async () => {
    const { total, stepMilliseconds } = await model.profile({ batchSize: 33, seconds: 0.1, threads: 1 });
    // It does nothing else; medians of a few runs leave some room.
    const ratio = total.milliseconds / stepMilliseconds;
    return ratio > 0.4 && ratio < 1.5 ? ratio : undefined;
  });
  t.not(agreeing, undefined);
});

const ORDER = ['prepare', 'compute', 'update'];

test('packing weights is part of training steps, but not of those of predictions', async (t) => {
  const model = lenet5();
  const packing = async (phase: 'train' | 'infer') =>
    (await model.profile({ phase, batchSize: 16, seconds: 0 })).calls.filter((call) => call.phase === 'prepare');
  t.true((await packing('train')).every(({ share }) => share > 0));
  const once = await packing('infer');
  t.is(once.length, 5);
  t.true(once.every(({ share, milliseconds }) => share === 0 && milliseconds > 0));
});

test('a model that ends in images can be profiled, and one that is not compiled', async (t) => {
  const model = sequential({ inputShape: [2, 6, 6] }, [layers.conv2d({ filters: 3, kernelSize: 3 })]);
  const { calls } = await model.profile({ phase: 'infer', batchSize: 16, seconds: 0 });
  t.true(calls.some(({ op }) => op === 'convolution'));
  await t.throwsAsync(model.profile(), {
    instanceOf: InvalidArgumentError,
    message: /^model\.profile: expected a compiled model/,
  });
});

test('a profile of large batches draws no more than it needs, and refuses those that none can be', async (t) => {
  const model = sequential({ inputShape: [3, 64, 64] }, [layers.globalAveragePooling2d()]);
  const { batchSize, steps } = await model.profile({ phase: 'infer', batchSize: 3000, seconds: 0 });
  t.deepEqual([batchSize, steps > 0], [3000, true]);
  const most = { instanceOf: InvalidArgumentError, message: /expected an integer from 1 to 1073741824 for batchSize/ };
  await t.throwsAsync(model.profile({ phase: 'infer', batchSize: 2 ** 31 }), most);
  t.throws(() => model.summary({ phase: 'infer', batchSize: 2 ** 40 }), most);
});

test('a profile obeys a memory limit and a signal', async (t) => {
  const model = lenet5();
  await t.throwsAsync(model.profile({ memoryLimit: 1000 }), { message: /^model\.profile: .* for memoryLimit/ });
  const controller = new AbortController();
  const profile = model.profile({ seconds: 60, signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 100);
  await t.throwsAsync(profile, { message: 'enough' });
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  await t.notThrowsAsync(model.fit(set));
});

test('another compile while it runs is not seen', async (t) => {
  const model = smallModel({ sgd: { momentum: 0.9 } });
  const profiled = model.profile({ batchSize: 8, seconds: 0.01 });
  model.compile({ optimizer: optimizers.adam(), loss: 'meanSquaredError' });
  const names = ({ calls }: Profile) => calls.map(({ op, layer }) => `${layer} ${op}`);
  const expected = await smallModel({ sgd: { momentum: 0.9 } }).profile({ batchSize: 8, seconds: 0.01 });
  t.deepEqual(names(await profiled), names(expected));
});

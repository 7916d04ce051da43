import test from 'ava';
import {
  checkGradients,
  datasets,
  type GradientCheck,
  input,
  type Layer,
  layers,
  losses,
  model,
  optimizers,
  regularizers,
  sequential,
} from 'cnnative';
import { firstSamples } from '#lib/gradcheck/batch.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { pictureAndRow, signs } from '../helpers/two-inputs.js';
import { randomValues } from '../helpers/values.js';
import { wrongTanh } from '../helpers/wrong-gradient.js';

const names = ({ tensors }: GradientCheck) => tensors.map(({ name }) => name);
const failed = ({ tensors }: GradientCheck) => tensors.filter(({ passed }) => !passed).map(({ name }) => name);

function convolutional(seed = 1) {
  return sequential({ input: { shape: [2, 9, 7], mean: [0.5, 0.4], std: [0.2, 0.3] }, seed }, [
    layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', padding: 'same' }),
    layers.batchNormalization(),
    layers.maxPooling2d(),
    layers.flatten(),
    layers.dense({ units: 4, activation: 'softmax' }),
  ]);
}

function compiled(network = convolutional()) {
  network.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  return network;
}

testEachIsa('gradients of a sound network pass, tensor by tensor', async (t, isa) => {
  const result = await checkGradients(compiled(), undefined, { isa });
  t.true(result.passed);
  t.is(result.objective, 'sparseCategoricalCrossentropy');
  t.is(result.isa, isa);
  t.deepEqual(names(result), [
    'conv2d/kernel',
    'conv2d/bias',
    'batchNormalization/gamma',
    'batchNormalization/beta',
    'dense/kernel',
    'dense/bias',
    'input',
  ]);
  t.deepEqual(result.tensors[0]?.shape, [3, 2, 3, 3]);
  t.deepEqual(result.tensors.at(-1)?.shape, [4, 2, 9, 7]);
  for (const { compared, kinks, float32, float64 } of result.tensors) {
    t.true(compared + kinks <= 20 && compared > 0);
    t.true((float32?.error ?? 1) < 1e-4);
    t.true((float64?.error ?? 1) < 1e-6);
  }
});

testEachIsa('a model that is not compiled is checked by a random projection of its output', async (t, isa) => {
  const x = input({ shape: [3, 6, 6] });
  const conv = (strides: number) => layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', strides });
  const y = layers.activation({ activation: 'tanh' }).apply(layers.averagePooling2d().apply(conv(1).apply(x)));
  const outputs = layers.add().apply([y, conv(2).apply(x)]);
  const result = await checkGradients(model({ inputs: x, outputs }), undefined, { isa, samples: 17, elements: 6 });
  t.true(result.passed);
  t.is(result.objective, 'sum(dy * output)');
  t.is(result.samples, 17);
});

testEachIsa('what weights cost by their size is no part of a random projection', async (t, isa) => {
  const cost = { kernelRegularizer: regularizers.l2(0.3), biasRegularizer: regularizers.l1(0.2) };
  const network = sequential({ inputShape: [6] }, [layers.dense({ units: 3, ...cost })]);
  const plain = sequential({ inputShape: [6] }, [layers.dense({ units: 3 })]);
  const result = await checkGradients(network, undefined, { isa });
  t.true(result.passed);
  t.deepEqual(result, await checkGradients(plain, undefined, { isa }));
});

testEachIsa('a bias before a batch normalisation, whose gradient is nothing but rounding, passes', async (t, isa) => {
  const network = sequential({ inputShape: [1, 12, 12] }, [
    layers.conv2d({ filters: 2, kernelSize: 3 }),
    layers.batchNormalization(),
    layers.activation({ activation: 'sigmoid' }),
  ]);
  const { passed, tensors } = await checkGradients(network, undefined, { isa });
  t.true(passed);
  const bias = tensors.find(({ name }) => name === 'conv2d/bias');
  t.true(Math.abs(bias?.float64?.numeric ?? 1) < 1e-7);
});

for (const rule of ['identity', 'sigmoid'] as const) {
  testEachIsa(`a wrong gradient, that of ${rule} for tanh, is found in all tensors before it`, async (t, isa) => {
    const chain: Layer[] = [layers.dense({ units: 5 }), wrongTanh(rule), layers.dense({ units: 3 })];
    const network = sequential({ inputShape: [4], seed: 2 }, chain);
    for (const ready of [network, compiled(network)]) {
      const result = await checkGradients(ready, undefined, { isa });
      t.false(result.passed);
      t.deepEqual(failed(result), ['dense/kernel', 'dense/bias', 'input']);
      for (const { name, float32, float64 } of result.tensors) {
        if (name.startsWith('dense_1')) continue;
        t.true((float32?.error ?? 0) > 0.01 && (float64?.error ?? 0) > 0.01, name);
        t.is(float64?.index.length, name === 'dense/bias' ? 1 : 2);
      }
    }
  });
}

/** What a loss for classes asks of a set. */
const CLASSES = { name: 'sparseCategoricalCrossentropy', reads: 'labels', targetValues: undefined } as const;

test('the worst element of a tensor is where both gradients stand', async (t) => {
  const network = sequential({ inputShape: [1] }, [layers.dense({ units: 1, useBias: false })]);
  await network.setWeights({ 'dense/kernel': Float32Array.of(3) });
  const { tensors } = await checkGradients(network, undefined, { samples: 1 });
  const [kernel, x] = tensors;
  t.deepEqual(kernel?.float64?.index, [0, 0]);
  t.true(Math.abs((kernel?.float64?.ours ?? 0) - (kernel?.float64?.numeric ?? 1)) < 1e-8);
  // d(dy * 3 x) / dx = 3 dy and d(dy * w x) / dw = dy x
  const dy = (x?.float64?.ours ?? 0) / 3;
  t.not(dy, 0);
  t.true(Math.abs((x?.float32?.ours ?? 0) - 3 * dy) < 1e-6);
});

test('a set may hold labels and targets: the loss decides, and without one neither is read', async (t) => {
  const random = new Philox(3, 0);
  const images = randomValues(random, 6 * 126);
  const labels = Int32Array.from({ length: 6 }, (_, i) => i % 4);
  const labelled = datasets.fromArrays({ images, labels, shape: [2, 9, 7], classes: 4 });
  const both = datasets.oneHot(labelled);
  const ofLabels = await checkGradients(compiled(), both);
  t.true(ofLabels.passed);
  t.deepEqual(ofLabels, await checkGradients(compiled(), labelled));
  const ofTargets = convolutional();
  ofTargets.compile({ optimizer: optimizers.sgd(), loss: 'categoricalCrossentropy' });
  t.true((await checkGradients(ofTargets, both)).passed);
  const targets = Float32Array.from({ length: 6 * 3 }, () => random.nextFloat());
  const other = datasets.fromArrays({ images, targets, targetShape: [3], shape: [2, 9, 7] });
  t.true((await checkGradients(convolutional(), other)).passed);
});

test('elements at a kink are left out and counted', async (t) => {
  const network = sequential({ inputShape: [1] }, [
    layers.dense({ units: 2, activation: 'relu' }),
    layers.dense({ units: 2 }),
  ]);
  await network.setWeights({
    'dense/kernel': Float32Array.of(0, 1),
    'dense/bias': Float32Array.of(0, 1),
    'dense_1/kernel': Float32Array.of(1, -1, 0.5, 2),
  });
  const { passed, tensors } = await checkGradients(compiled(network));
  t.true(passed);
  t.deepEqual(tensors.map(({ name, compared, kinks }) => [name, compared, kinks]).slice(0, 3), [
    ['dense/kernel', 1, 1],
    ['dense/bias', 1, 1],
    ['dense_1/kernel', 4, 0],
  ]);
});

test('where all is kinks nothing has passed', async (t) => {
  const network = sequential({ inputShape: [3] }, [layers.activation({ activation: 'relu' })]);
  const zeros = datasets.fromArrays({ images: new Float32Array(6), labels: [0, 1], shape: [3], classes: 3 });
  const { passed, tensors } = await checkGradients(network, zeros);
  t.false(passed);
  t.deepEqual(tensors, [
    { name: 'input', shape: [2, 3], compared: 0, kinks: 6, float32: null, float64: null, passed: true },
  ]);
});

test('weights that are no numbers do not pass', async (t) => {
  const network = convolutional();
  await network.setWeights({ 'dense/bias': new Float32Array(4).fill(Number.NaN) });
  t.false((await checkGradients(network)).passed);
});

test('data is taken as the model preprocesses it, its first samples', async (t) => {
  const pixels = Uint8Array.from({ length: 3 * 126 }, (_, i) => (i * 37) % 256);
  const floats = Float32Array.from(pixels, (x, i) => {
    const second = i % 126 >= 63;
    return (x / 255 - (second ? 0.4 : 0.5)) / (second ? 0.3 : 0.2);
  });
  const labels = [0, 3, 1];
  const set = (images: Uint8Array | Float32Array) =>
    datasets.fromArrays({ images, labels, shape: [2, 9, 7], classes: 4 });
  const network = compiled();
  for (const images of [pixels, floats]) {
    const batch = firstSamples('test', set(images), 2, network.inputs, CLASSES, [4]);
    t.deepEqual(batch.labels, Int32Array.of(0, 3));
    isClose(t, 'samples', batch.inputs[0] ?? [], floats.subarray(0, 2 * 126), 1e-6);
    const result = await checkGradients(network, set(images), { samples: 2 });
    t.true(result.passed);
    t.is(result.samples, 2);
  }
  const several = await checkGradients(pictureAndRow(), signs(9), { samples: 9 });
  t.true(several.passed);
  t.deepEqual(names(several).slice(-2), ['picture', 'row']);
});

test('the same seed gives the same result on any number of threads, another seed another', async (t) => {
  const one = await checkGradients(compiled(), undefined, { seed: 5, threads: 1 });
  t.deepEqual(await checkGradients(compiled(), undefined, { seed: 5, threads: 3 }), one);
  t.notDeepEqual(await checkGradients(compiled(), undefined, { seed: 6 }), one);
});

test('checking leaves the model as it was', async (t) => {
  const network = compiled();
  const before = await network.getWeights();
  await checkGradients(network);
  t.deepEqual(await network.getWeights(), before);
});

test('bad arguments are refused', async (t) => {
  const network = compiled();
  const argument = { code: 'ERR_INVALID_ARGUMENT' };
  // @ts-expect-error: no model
  await t.throwsAsync(checkGradients({}), { ...argument, message: /expected a model/ });
  // @ts-expect-error: no such option
  await t.throwsAsync(checkGradients(network, undefined, { batchSize: 3 }), argument);
  await t.throwsAsync(checkGradients(network, undefined, { samples: 0 }), argument);
  await t.throwsAsync(checkGradients(network, undefined, { elements: 1.5 }), argument);
  await t.throwsAsync(checkGradients(network, undefined, { seed: -1 }), argument);
  const wrong = datasets.fromArrays({ images: new Float32Array(8), labels: [0, 1], shape: [4] });
  await t.throwsAsync(checkGradients(network, wrong), { code: 'ERR_SHAPE', message: /\[2, 9, 7\]/ });
  const single = sequential({ inputShape: [4] }, [layers.batchNormalization()]);
  await t.throwsAsync(checkGradients(single, undefined, { samples: 1 }), { message: /at least 2 samples/ });
  const signal = AbortSignal.abort(new Error('enough'));
  await t.throwsAsync(checkGradients(network, undefined, { signal }), { message: 'enough' });
});

for (const [name, before] of Object.entries({
  dropout: () => layers.dropout({ rate: 0.5 }),
  noise: () => layers.gaussianNoise({ stddev: 1 }),
  'batch norm': () => layers.batchNormalization(),
})) {
  test(`zeros behind ${name} do not hide what it does in training`, async (t) => {
    const network = sequential({ inputShape: [6], seed: 1 }, [
      layers.dense({ units: 8, activation: 'tanh' }),
      before(),
      layers.dense({ units: 3, kernelInitializer: 'zeros' }),
    ]);
    t.deepEqual(failed(await checkGradients(network)), []);
    t.deepEqual(failed(await checkGradients(compiled(network))), []);
  });
}

test('losses of any reduction pass', async (t) => {
  for (const reduction of ['mean', 'sum', 'none'] as const) {
    for (const loss of [losses.huber({ reduction }), losses.sparseCategoricalCrossentropy({ reduction })]) {
      const network = sequential({ inputShape: [4], seed: 1 }, [layers.dense({ units: 3 })]);
      network.compile({ optimizer: optimizers.sgd(), loss });
      t.deepEqual(failed(await checkGradients(network)), [], `${loss.name} ${reduction}`);
    }
  }
});

test('another compile while it runs is not seen', async (t) => {
  const expected = await checkGradients(compiled());
  const network = compiled();
  const running = checkGradients(network);
  network.compile({ optimizer: optimizers.adam(), loss: 'meanSquaredError' });
  t.deepEqual(await running, expected);
});

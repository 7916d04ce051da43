import test from 'ava';
import {
  type Dataset,
  datasets,
  findLearningRate,
  model as functional,
  InvalidArgumentError,
  initializers,
  input,
  layers,
  loadModel,
  optimizers,
  type SequentialOptions,
  ShapeError,
  sequential,
  TrainingError,
} from 'cnnative';
import { valuesFromData } from '#lib/model/data-initialization.js';
import { Model } from '#lib/model/model.js';
import { runSettings } from '#lib/model/run-options.js';
import { drawSigned } from '../helpers/draw.js';
import { isas } from '../helpers/isas.js';
import { decode, readFixture } from '../helpers/pytorch-fixture.js';
import { streamedOf } from '../helpers/streamed.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { at } from '../helpers/values.js';

/** Pictures whose neighbours are alike, and differ from channel to channel. */
function pictures(size: number, shape: readonly [number, number, number] = [3, 6, 5]): Dataset {
  const [channels, height, width] = shape;
  const image = channels * height * width;
  const images = Uint8Array.from({ length: size * image }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const slow = drawSigned(7, Math.floor(i / image)) * x + drawSigned(8, Math.floor(i / image)) * y;
    return 120 + 15 * slow + 25 * drawSigned(9, i) + 5 * (Math.floor(i / (height * width)) % channels);
  });
  const labels = Int32Array.from({ length: size }, (_, i) => i % 3);
  return datasets.fromArrays({ images, labels, shape, classes: 3 });
}

const INPUT = { shape: [3, 6, 5], mean: [0.45, 0.5, 0.4], std: [0.25, 0.2, 0.3] };

function whitened(options: { samples?: number; trainable?: boolean; filters?: number } = {}, seed = 1) {
  const { samples = 600, trainable = false, filters = 24 } = options;
  const model = sequential({ input: INPUT, seed }, [
    layers.conv2d({
      filters,
      kernelSize: 2,
      kernelInitializer: initializers.whitening({ samples }),
      kernelTrainable: trainable,
      activation: 'relu',
    }),
    layers.flatten(),
    layers.dense({ units: 3 }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.001 }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

const kernelOf = async (model: Model) => (await model.getWeights())['conv2d/kernel']?.data as Float32Array;

/** Values of the first parameter from a set, on the kernels of an instruction set. */
async function kernelFrom(model: Model, data: Dataset, settings: Parameters<typeof runSettings>[1]) {
  const [kernel] = await valuesFromData('test', Model.runtimeOf(model), data, runSettings('test', settings));
  return kernel as Float32Array;
}

test('filters are those of unfold, cov and eigh of PyTorch', async (t) => {
  const cases = readFixture<{
    shape: number[];
    kernelSize: [number, number];
    epsilon: number;
    images: string;
    eigenvalues: string;
    filters: string;
  }>('whitening-pytorch.json');
  t.is(cases.length, 4);
  for (const { shape, kernelSize, epsilon, ...encoded } of cases) {
    const images = decode(encoded.images);
    const expected = decode(encoded.filters);
    const elements = Math.sqrt(expected.length);
    const labels = new Int32Array(images.length / (at(shape, 0) * at(shape, 1) * at(shape, 2)));
    const data = datasets.fromArrays({ images, labels, shape, classes: 1 });
    const kernelInitializer = initializers.whitening({ epsilon });
    const model = sequential({ inputShape: shape }, [
      layers.conv2d({ filters: 2 * elements, kernelSize, padding: 'same', strides: 2, kernelInitializer }),
    ]);
    for (const isa of isas) {
      const kernel = await kernelFrom(model, data, { isa });
      t.is(kernel.length, 2 * expected.length);
      for (let k = 0; k < elements; k++) {
        // In the scale of the filter: 1 / sqrt(eigenvalue + epsilon).
        const scale = 1 / Math.sqrt(at(decode(encoded.eigenvalues), k) + epsilon);
        for (let i = k * elements; i < (k + 1) * elements; i++) {
          t.true(Math.abs(at(kernel, i) - at(expected, i)) < 2e-3 * scale, `${shape} ${isa}: ${i}`);
          t.is(at(kernel, i + expected.length), -at(kernel, i));
        }
      }
    }
  }
});

test('what whitened filters make of the data is uncorrelated, with variances of 1', async (t) => {
  const data = pictures(600);
  const model = whitened();
  await model.setWeights({ 'conv2d/bias': new Float32Array(24) });
  const runtime = Model.runtimeOf(model);
  const kernel = await kernelFrom(model, data, {});
  // Windows and moments in plain loops, several runs of 256 and a part of a group of lanes among the samples.
  const sums = new Float64Array(12);
  const products = new Float64Array(144);
  let count = 0;
  for (let n = 0; n < data.size; n++) {
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 4; x++, count++) {
        const window = Float64Array.from({ length: 12 }, (_, i) => {
          const [c, r, s] = [Math.floor(i / 4), Math.floor(i / 2) % 2, i % 2];
          const pixel = at(data.images, ((n * 3 + c) * 6 + y + r) * 5 + x + s);
          return (pixel / 255 - at(INPUT.mean, c)) / at(INPUT.std, c);
        });
        const made = Float64Array.from({ length: 12 }, (_, k) =>
          window.reduce((sum, value, i) => sum + value * at(kernel, k * 12 + i), 0),
        );
        made.forEach((a, i) => {
          sums[i] = at(sums, i) + a;
          made.forEach((b, j) => {
            products[i * 12 + j] = at(products, i * 12 + j) + a * b;
          });
        });
      }
    }
  }
  const epsilon = 5e-4;
  for (let i = 0; i < 12; i++) {
    const length = Math.hypot(...kernel.subarray(i * 12, (i + 1) * 12));
    for (let j = 0; j < 12; j++) {
      const covariance = at(products, i * 12 + j) / count - (at(sums, i) / count) * (at(sums, j) / count);
      // eigenvalue / (eigenvalue + epsilon), where the filter's length is 1 / sqrt(eigenvalue + epsilon).
      const expected = i === j ? 1 - epsilon * length ** 2 : 0;
      t.true(Math.abs(covariance - expected) < 1e-4, `${i}, ${j}: ${covariance}, not ${expected}`);
    }
  }
  t.deepEqual([...runtime.awaitingData], ['conv2d/kernel']);
});

test('the first training fills the kernel, whatever the threads, and a frozen one stays so', async (t) => {
  const data = pictures(300);
  const model = whitened();
  const before = await kernelOf(model);
  await model.fit(data, { epochs: 1, batchSize: 32, threads: 1 });
  const kernel = await kernelOf(model);
  t.notDeepEqual(kernel, before);
  t.deepEqual(kernel, await kernelFrom(whitened(), data, { threads: 3 }));
  t.notDeepEqual(kernel, await kernelFrom(whitened({ samples: 100 }), data, {}));
  t.notDeepEqual([...((await model.getWeights())['conv2d/bias']?.data ?? [])], new Array(24).fill(0));
  await model.fit(pictures(90), { epochs: 1 });
  t.deepEqual(await kernelOf(model), kernel);
  const other = whitened({}, 2);
  await other.fit(data, { epochs: 1, threads: 3 });
  t.deepEqual(await kernelOf(other), kernel, 'nothing of it depends on the seed');
  const trained = whitened({ trainable: true });
  await trained.fit(data, { epochs: 1 });
  t.notDeepEqual(await kernelOf(trained), kernel);
});

test('fewer filters are those of the largest eigenvalues', async (t) => {
  const data = pictures(100);
  const all = await kernelFrom(whitened(), data, {});
  const some = await kernelFrom(whitened({ filters: 6 }), data, {});
  t.deepEqual([...some], [...all.subarray(0, 36), ...all.subarray(144, 180)]);
});

test('a set that is read in pieces gives the same kernel to the bit, whatever is read ahead', async (t) => {
  const data = pictures(700);
  const kernel = await kernelFrom(whitened(), data, {});
  for (const readAhead of [1, 30_000, 70_000, 1e6]) {
    const streamed = whitened();
    await streamed.fit(streamedOf(data, { readAhead }), { stepsPerEpoch: 1 });
    t.deepEqual(await kernelOf(streamed), kernel, `${readAhead}`);
  }
});

test('a part of a set gives the kernel of its own samples', async (t) => {
  const data = pictures(700);
  const [part] = datasets.split(data, { fraction: 0.4, seed: 3 });
  const places = Array.from({ length: part.size }, (_, i) => i);
  const copy = datasets.fromArrays({
    images: Uint8Array.from(places.flatMap((i) => [...part.images.subarray(i * 90, (i + 1) * 90)])),
    labels: part.labels,
    shape: [3, 6, 5],
    classes: 3,
  });
  t.deepEqual(await kernelFrom(whitened(), part, {}), await kernelFrom(whitened(), copy, {}));
});

test('kernels are kept by saved models, and by checkpoints that a training goes on from', async (t) => {
  const folder = await temporaryFolder(t);
  const data = pictures(120);
  const model = whitened();
  await model.fit(data, { epochs: 2, checkpoint: { folder: `${folder}/checkpoints` } });
  await model.save(`${folder}/trained`);
  const loaded = await loadModel(`${folder}/trained`);
  await loaded.fit(pictures(50), { epochs: 1 });
  t.deepEqual(await kernelOf(loaded), await kernelOf(model));
  const resumed = whitened();
  await resumed.fit(data, { epochs: 3, checkpoint: { folder: `${folder}/checkpoints` }, resume: true });
  const straight = whitened();
  await straight.fit(data, { epochs: 3 });
  t.deepEqual(await resumed.getWeights(), await straight.getWeights());
});

test('a model that is saved before its first training awaits its data afterwards too, unless its kernel was set', async (t) => {
  const folder = await temporaryFolder(t);
  const data = pictures(60);
  await whitened().save(folder);
  const loaded = await loadModel(folder);
  await loaded.fit(data);
  t.deepEqual(await kernelOf(loaded), await kernelFrom(whitened(), data, {}));
  const model = whitened();
  const own = new Float32Array(288).fill(0.5);
  await model.setWeights({ 'conv2d/kernel': own });
  await model.save(folder);
  for (const one of [model, await loadModel(folder)]) {
    await one.fit(data);
    t.deepEqual(await kernelOf(one), own);
  }
});

test('a training begun while weights are written keeps them', async (t) => {
  const model = whitened();
  const own = new Float32Array(288).fill(0.5);
  const written = model.setWeights({ 'conv2d/kernel': own });
  await model.fit(pictures(40));
  await written;
  t.deepEqual(await kernelOf(model), own);
});

test('a search for a learning rate trains the kernel that a training begins with, and leaves the model as it is', async (t) => {
  const data = pictures(400);
  const model = whitened();
  const before = await kernelOf(model);
  const found = await findLearningRate(model, data, { steps: 10 });
  t.deepEqual(await kernelOf(model), before);
  await model.setWeights({ 'conv2d/kernel': await kernelFrom(whitened(), data, {}) });
  t.deepEqual((await findLearningRate(model, data, { steps: 10 })).losses, found.losses);
});

test('one of several inputs is whitened by its own part of the data', async (t) => {
  const [a, b] = [pictures(40), pictures(40, [1, 4, 4])];
  const make = () => {
    const [x, y] = [input({ ...INPUT, name: 'x' }), input({ shape: [1, 4, 4], name: 'y' })];
    const conv = layers.conv2d({ name: 'conv2d', filters: 8, kernelSize: 2, kernelInitializer: 'whitening' });
    const [left, right] = [layers.flatten().apply(x), layers.flatten().apply(conv.apply(y))];
    return functional({
      inputs: [x, y],
      outputs: layers.dense({ units: 3 }).apply(layers.concatenate().apply([left, right])),
    });
  };
  const { labels } = a;
  const both = datasets.fromArrays({
    images: [a.images as Uint8Array, b.images as Uint8Array],
    shape: [a.shape, b.shape] as number[][],
    labels,
    classes: 3,
  });
  const alone = sequential({ inputShape: [1, 4, 4] }, [
    layers.conv2d({ filters: 8, kernelSize: 2, kernelInitializer: 'whitening' }),
  ]);
  const [kernel] = (
    await valuesFromData('test', Model.runtimeOf(make()), both as never, runSettings('test', {}))
  ).filter((values) => values !== null);
  t.deepEqual(kernel, await kernelFrom(alone, b, {}));
});

test('kernels that no data can whiten are refused where the model is made', (t) => {
  const make = (filters: number, options: object = {}, before = false, model: SequentialOptions = { input: INPUT }) =>
    sequential(model, [
      ...(before ? [layers.activation({ activation: 'relu', name: 'before' })] : []),
      layers.conv2d({ name: 'first', filters, kernelSize: 2, kernelInitializer: 'whitening', ...options }),
    ]);
  t.notThrows(() => make(24));
  t.throws(() => make(7), {
    instanceOf: ShapeError,
    message: /^first\/kernel: expected an even number .* at most 24.*received 7/,
  });
  t.throws(() => make(26), { instanceOf: ShapeError, message: /at most 24.*received 26/ });
  t.throws(() => make(6, { groups: 3 }), { instanceOf: InvalidArgumentError, message: /received one with 3 groups/ });
  t.throws(() => make(6, {}, true), { instanceOf: InvalidArgumentError, message: /^first: .*one that reads before/ });
  t.throws(() => make(6, { kernelSize: 7, padding: 'same' }), { instanceOf: ShapeError, message: /^first kernelInit/ });
  t.throws(() => sequential({ inputShape: [4] }, [layers.dense({ units: 2, kernelInitializer: 'whitening' })]), {
    instanceOf: InvalidArgumentError,
    message: /^dense: expected a conv2d .*received a dense/,
  });
  t.throws(() => layers.conv2d({ filters: 2, kernelSize: 1, biasInitializer: 'whitening' }), {
    message: /a single row/,
  });
  t.throws(() => initializers.whitening({ samples: 0 }), { message: /integer of at least 1 for samples, received 0/ });
  t.throws(() => initializers.whitening({ epsilon: 0 }), { message: /of at least 1e-12 for epsilon, received 0/ });
});

test('windows that take more than the memory limit are refused', async (t) => {
  // As a training the network is small, for its convolution takes few windows.
  const model = sequential({ inputShape: [3, 64, 64] }, [
    layers.conv2d({ filters: 2, kernelSize: 3, strides: 31, kernelInitializer: 'whitening' }),
    layers.flatten(),
    layers.dense({ units: 3 }),
  ]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const data = pictures(2, [3, 64, 64]);
  const options = { batchSize: 2, threads: 1, memoryLimit: '4MB' };
  await t.throwsAsync(model.fit(data, options), {
    instanceOf: TrainingError,
    message: /^model\.fit: .*to look at the windows/,
  });
  await t.notThrowsAsync(model.fit(data, { ...options, memoryLimit: '100MB' }));
  await t.notThrowsAsync(model.fit(data, options));
});

test('batches that come once are no data to begin with', async (t) => {
  const { images, labels } = pictures(20);
  const stream = datasets.fromBatches([{ images, labels }], { shape: [3, 6, 5], classes: 3, size: 20 });
  await t.throwsAsync(whitened().fit(stream), {
    instanceOf: InvalidArgumentError,
    message: /^model.fit: .*setWeights/,
  });
});

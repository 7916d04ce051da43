import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { InvalidArgumentError, info, layers, loadModel, type Model, ModelFileError, sequential } from 'cnnative';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';
import { blobs, smallModel } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { fingerprint, trained } from '../helpers/trained.js';

/** Reads a safetensors file from the format's description alone. */
async function readTensors(path: string): Promise<Record<string, { dtype: string; shape: number[]; data: number[] }>> {
  const file = await readFile(path);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerBytes = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerBytes)));
  const result: Record<string, { dtype: string; shape: number[]; data: number[] }> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = entry as { dtype: string; shape: number[]; data_offsets: number[] };
    const [begin = 0, end = 0] = offsets;
    const data: number[] = [];
    for (let at = begin; at < end; at += 4) data.push(view.getFloat32(8 + headerBytes + at, true));
    result[name] = { dtype, shape, data };
  }
  return result;
}

function outline(model: Model) {
  return model.graph.nodes.map(({ name, inputs, layer, outputShape }) => ({
    name,
    inputs,
    outputShape,
    ...layer.config(),
  }));
}

async function reload(model: Model, folder: string): Promise<Model> {
  await model.save(folder);
  return loadModel(folder);
}

test('a saved model predicts with the same bits on every instruction set', async (t) => {
  const set = goldenSet(64);
  const model = lenet5();
  await model.fit(set, { batchSize: 16 });
  const again = await reload(model, await temporaryFolder(t));
  for (const isa of info().isas) {
    t.deepEqual(await again.predict(set.images, { isa }), await model.predict(set.images, { isa }));
  }
  t.is(await fingerprint(again), await fingerprint(model));
  t.deepEqual(outline(again), outline(model));
  t.deepEqual(again.input, { shape: [1, 28, 28], scale: 1 / 255, mean: [0.1307], std: [0.3081] });
  t.is(again.summary(), model.summary());
});

test('a compiled model is compiled again, with fresh optimizer state', async (t) => {
  const sgd = { learningRate: 0.07, momentum: 0.6 };
  const model = smallModel({ sgd });
  await model.fit(blobs(40));
  const again = await reload(model, await temporaryFolder(t));
  t.deepEqual(await again.evaluate(blobs(40)), await model.evaluate(blobs(40)));

  const fresh = smallModel({ sgd });
  await fresh.setWeights(await model.getWeights());
  const options = { epochs: 2, shuffle: false };
  t.deepEqual(await trained(again, blobs(40), options), await trained(fresh, blobs(40), options));
});

test('a model saved without compile is loaded without', async (t) => {
  const model = sequential({ inputShape: [2] }, [layers.dense({ units: 3 })]);
  const again = await reload(model, await temporaryFolder(t));
  await t.throwsAsync(again.evaluate(blobs(3)), { instanceOf: InvalidArgumentError, message: /compile/ });
});

test('every option of every layer survives', async (t) => {
  const model = sequential(
    { input: { shape: [3, 20, 21], scale: 0.25, mean: [0.1, 0.2, 0.3], std: [1, 2, 1 / 3] }, seed: 2 ** 53 - 1 },
    [
      layers.conv2d({
        filters: 4,
        kernelSize: [3, 2],
        strides: [2, 1],
        padding: [0, 1, 2, 3],
        activation: 'tanh',
        useBias: false,
        name: 'first',
      }),
      layers.maxPooling2d({ poolSize: [2, 3], strides: [1, 2], padding: 1 }),
      layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', activation: 'sigmoid' }),
      layers.activation({ activation: 'relu', name: 'rectified' }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ units: 6, useBias: false, activation: 'relu' }),
      layers.dense({ units: 3 }),
      layers.activation({ activation: 'softmax' }),
    ],
  );
  const again = await reload(model, await temporaryFolder(t));
  t.deepEqual(outline(again), outline(model));
  t.deepEqual(again.input, model.input);
  const pixels = Uint8Array.from({ length: 2 * 3 * 20 * 21 }, (_, i) => (i * 31) % 256);
  t.deepEqual(await again.predict(pixels), await model.predict(pixels));
});

test('activations survive in every form', async (t) => {
  const named = [
    ...[layers.linear(), layers.relu(), layers.relu6(), layers.leakyRelu(), layers.elu(), layers.selu(), layers.gelu()],
    ...[layers.geluTanh(), layers.silu(), layers.mish(), layers.hardSwish(), layers.hardSigmoid(), layers.sigmoid()],
    ...[layers.tanh(), layers.softplus(), layers.softsign(), layers.softmax(), layers.logSoftmax()],
  ];
  const model = sequential({ inputShape: [3, 6, 5] }, [
    layers.conv2d({ filters: 4, kernelSize: 3, activation: 'leakyRelu' }),
    layers.conv2d({ filters: 3, kernelSize: 1, activation: { type: 'leakyRelu', negativeSlope: 0.125 } }),
    layers.prelu(),
    layers.prelu({ shared: true, name: 'one' }),
    layers.activation({ activation: 'mish' }),
    layers.activation({ activation: { type: 'elu', alpha: 0.5 } }),
    layers.flatten(),
    layers.leakyRelu({ negativeSlope: 0.25, name: 'leaky' }),
    layers.elu({ alpha: 2 }),
    ...named,
    layers.dense({ units: 3, activation: { type: 'elu' } }),
    layers.dense({ units: 4, activation: 'logSoftmax' }),
  ]);
  const again = await reload(model, await temporaryFolder(t));
  t.deepEqual(outline(again), outline(model));
  const configs = model.graph.nodes.map(({ layer }) => layer.config());
  t.deepEqual(configs[0]?.activation, { type: 'leakyRelu', negativeSlope: 0.01 });
  t.deepEqual(configs[1]?.activation, { type: 'leakyRelu', negativeSlope: 0.125 });
  t.deepEqual(configs.slice(2, 6), [
    { type: 'prelu', shared: false },
    { type: 'prelu', shared: true },
    { type: 'activation', activation: 'mish' },
    { type: 'activation', activation: { type: 'elu', alpha: 0.5 } },
  ]);
  t.deepEqual(configs.slice(7, 9), [
    { type: 'leakyRelu', negativeSlope: 0.25 },
    { type: 'elu', alpha: 2 },
  ]);
  t.deepEqual(
    model.graph.nodes.slice(9, 9 + named.length).map(({ name }) => name.replace(/_1$/, '')),
    named.map(({ type }) => type),
  );
  const { 'prelu/slope': slopes, 'one/slope': one } = await model.getWeights();
  t.deepEqual(slopes, { data: new Float32Array(3).fill(0.25), shape: [3] });
  t.deepEqual(one, { data: Float32Array.of(0.25), shape: [1] });
  const samples = Float32Array.from({ length: 2 * 3 * 6 * 5 }, (_, i) => Math.sin(i));
  t.deepEqual(await again.predict(samples), await model.predict(samples));
});

test('every option of every convolution survives', async (t) => {
  const model = sequential({ inputShape: [6, 9, 8] }, [
    layers.conv2d({
      filters: 4,
      kernelSize: [3, 2],
      strides: [2, 1],
      dilation: [1, 2],
      padding: 'full',
      groups: 2,
      flip: true,
      useBias: false,
      activation: 'tanh',
    }),
    layers.conv2dTranspose({
      filters: 6,
      kernelSize: [2, 3],
      strides: [2, 3],
      dilation: [1, 2],
      padding: [1, 0, 2, 1],
      outputPadding: [1, 2],
      groups: 2,
      activation: 'relu',
    }),
    layers.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', useBias: false }),
    layers.depthwiseConv2d({
      kernelSize: [3, 4],
      depthMultiplier: 2,
      strides: [1, 2],
      dilation: [2, 1],
      padding: 'same',
      useBias: false,
      activation: 'sigmoid',
    }),
    layers.separableConv2d({
      filters: 7,
      kernelSize: [2, 3],
      depthMultiplier: 3,
      strides: [3, 2],
      dilation: [1, 2],
      padding: 1,
      useBias: false,
      activation: 'relu',
    }),
  ]);
  const again = await reload(model, await temporaryFolder(t));
  t.deepEqual(outline(again), outline(model));
  const pixels = Float32Array.from({ length: 20 * 6 * 9 * 8 }, (_, i) => ((i * 31) % 256) / 256);
  t.deepEqual(await again.predict(pixels), await model.predict(pixels));
});

test('the weights are a safetensors file that other readers understand', async (t) => {
  const folder = await temporaryFolder(t);
  const model = lenet5();
  await model.save(folder);
  const tensors = await readTensors(join(folder, 'weights.safetensors'));
  const weights = await model.getWeights();
  t.deepEqual(Object.keys(tensors), Object.keys(weights));
  for (const [name, { data, shape }] of Object.entries(weights)) {
    t.deepEqual(tensors[name], { dtype: 'F32', shape: [...shape], data: [...data] });
  }
  // The format asks for a header of multiples of 8 bytes, so that tensors lie aligned.
  t.is((await readFile(join(folder, 'weights.safetensors'))).readUInt32LE(0) % 8, 0);
});

test('the description is JSON with a format version, and nothing is left beside the two files', async (t) => {
  const folder = join(await temporaryFolder(t), 'not', 'yet', 'there');
  await lenet5().save(folder);
  await lenet5().save(folder);
  t.deepEqual((await readdir(folder)).sort(), ['model.json', 'weights.safetensors']);
  const description = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
  t.is(description.format, 'cnnative');
  t.is(description.formatVersion, 1);
  t.is(description.nodes.length, 8);
  t.deepEqual(description.compiled, {
    optimizer: { type: 'sgd', learningRate: 0.01, momentum: 0.9 },
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
});

test('weights that are no numbers are kept as they are', async (t) => {
  const model = smallModel();
  const odd = Float32Array.of(Number.NaN, Infinity, -Infinity, -0, 1e-45, 3.4e38, 1, 2);
  await model.setWeights({ 'dense/bias': odd });
  const again = await reload(model, await temporaryFolder(t));
  t.deepEqual((await again.getWeights())['dense/bias']?.data, odd);
});

test('save names the folder it cannot write', async (t) => {
  const folder = await temporaryFolder(t);
  await lenet5().save(folder);
  const inFile = join(folder, 'model.json', 'below');
  await t.throwsAsync(lenet5().save(inFile), {
    instanceOf: ModelFileError,
    message: /model\.save: .*below, which leads through a file\./,
  });
  for (const wrong of ['', undefined, 7, {}, new URL('file:///tmp')]) {
    await t.throwsAsync(lenet5().save(wrong as string), { instanceOf: InvalidArgumentError, message: /for folder/ });
  }
});

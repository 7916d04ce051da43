import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { input, layers, loadModel, type Model, ModelFileError, model, optimizers, regularizers } from 'cnnative';
import type { Philox } from '#lib/util/philox.js';
import type { Format } from '../format.js';
import { mutateBytes } from '../mutate-bytes.js';
import { mutateJson } from '../mutate-json.js';

const DESCRIPTION = 'model.json';
const WEIGHTS = 'weights.safetensors';

/** Two inputs, a layer applied twice, layers with and without weights, options of every kind. */
function example(): Model {
  const picture = input({ shape: [2, 6, 6], mean: [0.1, 0.2], name: 'picture' });
  const numbers = input({ shape: [3], name: 'numbers' });
  const convolution = layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' });
  const twice = layers.add().apply([convolution.apply(convolution.apply(picture)), picture]);
  const pooled = layers.maxPooling2d({ poolSize: 2 }).apply(layers.batchNormalization().apply(twice));
  const flat = layers.dropout({ rate: 0.25 }).apply(layers.flatten().apply(pooled));
  const joined = layers.concatenate().apply([flat, numbers]);
  const hidden = layers.dense({ units: 4, kernelRegularizer: regularizers.l2(0.01), activation: 'elu' }).apply(joined);
  const made = model({
    inputs: [picture, numbers],
    outputs: layers.dense({ units: 3, activation: 'softmax' }).apply(hidden),
    seed: 7,
  });
  made.compile({
    optimizer: optimizers.sgd({ learningRate: 0.1, momentum: 0.9 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return made;
}

async function saved(which: Model): Promise<{ description: Buffer; weights: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnative-test-'));
  try {
    await which.save(folder);
    return { description: await readFile(join(folder, DESCRIPTION)), weights: await readFile(join(folder, WEIGHTS)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function read({ path }: { readonly path: string }): Promise<void> {
  const loaded = await loadModel(dirname(path));
  for (const [name, { data, shape }] of Object.entries(await loaded.getWeights())) {
    assert.equal(
      data.length,
      shape.reduce((product, size) => product * size, 1),
      name,
    );
  }
}

export const modelDescription: Format = {
  name: 'model-json',
  file: DESCRIPTION,
  errors: [ModelFileError],
  samples: async () => [(await saved(example())).description],
  prepare: async (folder) => writeFile(join(folder, WEIGHTS), (await saved(example())).weights),
  words: ['"__proto__":', '{', '}', '[', ']', ',', 'null', '\\u0000', '\ud800', '"type":'].map((word) =>
    Buffer.from(word),
  ),
  change: (sample, random, all) =>
    random.nextInt(4)
      ? Buffer.from(mutateJson(sample.toString('utf8'), random))
      : mutateBytes(sample, random, all, modelDescription.words),
  read,
};

/** The header changed as JSON is, with the length it then has or another one. */
function changeHeader(file: Buffer, random: Philox): Buffer {
  const end = 8 + Number(file.readBigUInt64LE());
  const text = Buffer.from(mutateJson(file.toString('utf8', 8, end), random));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length) + (random.nextInt(8) === 0 ? 1n : 0n));
  return Buffer.concat([length, text, file.subarray(end)]);
}

export const modelWeights: Format = {
  name: 'safetensors',
  file: WEIGHTS,
  errors: [ModelFileError],
  samples: async () => [(await saved(example())).weights],
  prepare: async (folder) => writeFile(join(folder, DESCRIPTION), (await saved(example())).description),
  change: (sample, random, all) =>
    random.nextInt(2) ? changeHeader(sample, random) : mutateBytes(sample, random, all),
  read,
};

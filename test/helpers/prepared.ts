import { layers, type Model, optimizers, sequential } from 'cnnative';
import { noise } from './small.js';

export type Weights = Record<string, Float32Array>;

/** Samples to predict and to train with. */
export const pictures = noise(64, [3, 8, 8], 5);

/** The first samples, from one on. */
export function picturesFrom(first: number, count: number): Float32Array {
  return (pictures.images as Float32Array).subarray(first * 192, (first + count) * 192);
}

/** A network whose weights are all prepared before they are used: folded, packed, transformed; compiled. */
export function preparedModel({ seed = 1, learningRate = 0.05 } = {}): Model {
  const model = sequential({ inputShape: [3, 8, 8], seed }, [
    layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', useBias: false }),
    layers.batchNormalization(),
    layers.activation({ activation: 'relu' }),
    layers.conv2d({ filters: 17, kernelSize: 3, padding: 'same' }),
    layers.maxPooling2d(),
    layers.batchNormalization(),
    layers.flatten(),
    layers.dense({ units: 5 }),
    layers.batchNormalization(),
    layers.activation({ activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate, momentum: 0.9 }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

export async function weightsOf(model: Model): Promise<Weights> {
  return Object.fromEntries(Object.entries(await model.getWeights()).map(([name, { data }]) => [name, data]));
}

/** A model that has never predicted, with the weights of another. */
export async function freshCopy(model: Model): Promise<Model> {
  const copy = preparedModel({ seed: 99 });
  await copy.setWeights(await weightsOf(model));
  return copy;
}

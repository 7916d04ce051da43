import { type Dataset, datasets, layers, type Model, optimizers, type StreamedDataset, sequential } from 'cnnative';
import { drawSigned } from './draw.js';

export const SHAPE = [1, 8, 8] as const;
const FEATURES = 64;

/** Noise with labels, in memory. */
export function pictures(size: number): Dataset {
  return datasets.fromArrays({
    images: Uint8Array.from({ length: size * FEATURES }, (_, i) => 127 * (drawSigned(3, i) + 1)),
    labels: Int32Array.from({ length: size }, (_, i) => (i * 7) % 5),
    shape: SHAPE,
    classes: 5,
  });
}

/** A set in memory as one that is read when it is needed. */
export function streamedOf(
  set: Dataset,
  { readAhead = 16_000, before = async (_: Int32Array) => {} } = {},
): StreamedDataset {
  const features = set.images.length / set.size;
  return datasets.streamed({
    shape: set.shape,
    labels: set.labels,
    classes: set.classes,
    element: set.images instanceof Uint8Array ? 'uint8' : 'float32',
    readAhead,
    read: async (indices, into) => {
      await before(indices);
      for (const [i, index] of indices.entries()) {
        into.set(set.images.subarray(index * features, (index + 1) * features), i * features);
      }
    },
  });
}

/** A network that draws at random and has statistics of batches, so that steps must be the same in every sample; compiled. */
export function pictureModel({ seed = 1, metrics = ['accuracy'] as ('accuracy' | 'confusionMatrix')[] } = {}): Model {
  const model = sequential({ input: { shape: SHAPE, mean: 0.5, std: 0.3 }, seed }, [
    layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
    layers.batchNormalization(),
    layers.flatten(),
    layers.dropout({ rate: 0.2 }),
    layers.dense({ units: 5, activation: 'softmax' }),
  ]);
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0.05, momentum: 0.9 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics,
  });
  return model;
}

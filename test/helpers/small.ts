import { type Dataset, datasets, layers, type Model, optimizers, type SgdOptions, sequential } from 'cnnative';
import { drawSigned } from './draw.js';

/** Points of the plane around three corners, far enough apart for a line to part them. */
export function blobs(size: number, stream = 0): Dataset {
  const corners = [
    [2, 0],
    [-2, 2],
    [-2, -2],
  ];
  const labels = Int32Array.from({ length: size }, (_, i) => i % 3);
  const images = Float32Array.from(
    { length: size * 2 },
    (_, i) => (corners[labels[i >> 1] as number]?.[i & 1] as number) + drawSigned(stream, i),
  );
  return datasets.fromArrays({ images, labels, shape: [2], classes: 3 });
}

/** Random pixels with random labels: nothing to learn but by heart. */
export function noise(size: number, shape: readonly number[], classes: number): Dataset {
  const values = size * shape.reduce((a, b) => a * b, 1);
  return datasets.fromArrays({
    images: Float32Array.from({ length: values }, (_, i) => drawSigned(7, i)),
    labels: Int32Array.from({ length: size }, (_, i) => Math.floor((drawSigned(8, i) + 1) * 0.5 * classes)),
    shape,
    classes,
  });
}

/** A small network of dense layers for `blobs`, compiled. */
export function smallModel({ seed = 1, softmax = true, sgd = {} as SgdOptions } = {}): Model {
  const model = sequential({ inputShape: [2], seed }, [
    layers.dense({ units: 8, activation: 'tanh' }),
    layers.dense({ units: 3, activation: softmax ? 'softmax' : 'linear' }),
  ]);
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0.1, ...sgd }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

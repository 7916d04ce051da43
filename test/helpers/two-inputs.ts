import { datasets, input, layers, type Model, type MultiInputDataset, model, optimizers } from 'cnnative';
import { drawSigned } from './draw.js';

/** A picture of 2 x 2 pixels beside a row of 3 numbers, for `signs`; compiled. */
export function pictureAndRow({ seed = 1 } = {}): Model {
  const picture = input({ shape: [1, 2, 2], mean: 0.5, std: 0.25, name: 'picture' });
  const row = input({ shape: [3], name: 'row' });
  const seen = layers.dense({ units: 12 }).apply(layers.flatten().apply(picture));
  const told = layers.dense({ units: 12, useBias: false }).apply(row);
  const both = layers.activation({ activation: 'tanh' }).apply(layers.add().apply([seen, told]));
  const network = model({
    inputs: [picture, row],
    outputs: layers.dense({ units: 4, activation: 'softmax' }).apply(both),
    seed,
  });
  network.compile({
    optimizer: optimizers.sgd({ learningRate: 0.1, momentum: 0.9 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return network;
}

/** Bright or dark pictures beside rows that point up or down: both are needed to tell the four classes apart. */
export function signs(size: number): MultiInputDataset {
  const isBright = (sample: number) => drawSigned(3, sample) > 0;
  const isUp = (sample: number) => drawSigned(4, sample) > 0;
  const pixels = Uint8Array.from({ length: 4 * size }, (_, i) => {
    return 128 + (isBright(i >> 2) ? 60 : -60) + Math.round(40 * drawSigned(5, i));
  });
  const rows = Float32Array.from({ length: 3 * size }, (_, i) => {
    return (isUp(Math.floor(i / 3)) ? 1 : -1) + 0.5 * drawSigned(6, i);
  });
  const labels = Int32Array.from({ length: size }, (_, i) => 2 * Number(isBright(i)) + Number(isUp(i)));
  return datasets.fromArrays({ images: [pixels, rows], labels, shape: [[1, 2, 2], [3]], classes: 4 });
}

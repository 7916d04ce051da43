import { layers } from '../../layers/index.js';
import { chain, type Workload } from './workload.js';

/** Convolutions of 5x5 and 3x3 with pooling, the second overlapping, on 32x32 colour images. */
export const cifarquick: Workload = {
  inputShape: [3, 32, 32],
  classes: 10,
  batchSize: 128,
  forwardMacs: 5_032_064,
  build: (input) =>
    chain(input, [
      layers.conv2d({ filters: 32, kernelSize: 5, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2, strides: 1 }),
      layers.flatten(),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ]),
};

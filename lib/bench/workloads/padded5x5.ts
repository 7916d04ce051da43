import { layers } from '../../layers/index.js';
import { chain, type Workload } from './workload.js';

/** Two padded 5x5 convolutions and two dense layers on 28x28 images. */
export const padded5x5: Workload = {
  inputShape: [1, 28, 28],
  classes: 10,
  batchSize: 128,
  forwardMacs: 12_858_600,
  build: (input) =>
    chain(input, [
      layers.conv2d({ filters: 16, kernelSize: 5, padding: 2, activation: 'relu' }),
      layers.conv2d({ filters: 32, kernelSize: 5, padding: 2, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 100, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ]),
};

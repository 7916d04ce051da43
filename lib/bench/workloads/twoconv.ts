import { layers } from '../../layers/index.js';
import { chain, type Workload } from './workload.js';

/** Two 3x3 convolutions and a dense layer on 28x28 images. */
export const twoconv: Workload = {
  inputShape: [1, 28, 28],
  classes: 10,
  batchSize: 128,
  forwardMacs: 5_687_424,
  build: (input) =>
    chain(input, [
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 10 }),
    ]),
};

import { layers } from '../../layers/index.js';
import { chain, type Workload } from './workload.js';

/** LeNet-5 as published, without padding on 32x32 images, with relu and max pooling. */
export const lenet5: Workload = {
  inputShape: [1, 32, 32],
  classes: 10,
  batchSize: 128,
  forwardMacs: 416_520,
  build: (input) =>
    chain(input, [
      layers.conv2d({ filters: 6, kernelSize: 5, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 120, activation: 'relu' }),
      layers.dense({ units: 84, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ]),
};

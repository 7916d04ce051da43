import { layers } from '../../layers/index.js';
import { chain, type Workload } from './workload.js';

/** A small 3x3 convolution, pooling and a dense layer on 28x28 images. */
export const oneconv: Workload = {
  inputShape: [1, 28, 28],
  classes: 10,
  batchSize: 128,
  forwardMacs: 62_192,
  build: (input) =>
    chain(input, [
      layers.conv2d({ filters: 8, kernelSize: 3 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 10 }),
    ]),
};

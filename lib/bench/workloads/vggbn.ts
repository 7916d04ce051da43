import { layers } from '../../layers/index.js';
import { activated } from './convolution.js';
import { chain, type Workload } from './workload.js';

/** Six 3x3 convolutions of 64, 128 and 256 channels with batch normalisation on 32x32 colour images. */
export const vggbn: Workload = {
  inputShape: [3, 32, 32],
  classes: 10,
  batchSize: 64,
  forwardMacs: 152_766_976,
  build: (input) =>
    chain(input, [
      ...[64, 128, 256].flatMap((filters) => [
        ...activated({ filters, kernelSize: 3, padding: 1 }),
        ...activated({ filters, kernelSize: 3, padding: 1 }),
        layers.maxPooling2d({ poolSize: 2 }),
      ]),
      layers.globalAveragePooling2d(),
      layers.dense({ units: 10 }),
    ]),
};

import { type Layer, layers } from '../../layers/index.js';
import { activated } from './convolution.js';
import { chain, type Workload } from './workload.js';

/** Depthwise and 1x1 convolutions in turn, as in MobileNet, on 32x32 colour images. */
export const separable: Workload = {
  inputShape: [3, 32, 32],
  classes: 10,
  batchSize: 128,
  forwardMacs: 16_525_824,
  build: (input) =>
    chain(input, [
      ...activated({ filters: 32, kernelSize: 3, padding: 1 }),
      ...block(32, 64, 1),
      ...block(64, 128, 2),
      ...block(128, 128, 1),
      ...block(128, 256, 2),
      ...block(256, 256, 1),
      layers.globalAveragePooling2d(),
      layers.dense({ units: 10 }),
    ]),
};

function block(inputs: number, outputs: number, strides: number): Layer[] {
  return [
    ...activated({ filters: inputs, kernelSize: 3, strides, padding: 1, groups: inputs }),
    ...activated({ filters: outputs, kernelSize: 1 }),
  ];
}

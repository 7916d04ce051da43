import { layers, type SymbolicTensor } from '../../layers/index.js';
import { activated, normalized } from './convolution.js';
import { chain, type Workload } from './workload.js';

/** ResNet-20 for 32x32 colour images (He, Zhang, Ren, Sun, 2015), with 1x1 convolutions where a shortcut changes shape. */
export const resnet20: Workload = {
  inputShape: [3, 32, 32],
  classes: 10,
  batchSize: 128,
  forwardMacs: 40_813_184,
  build: (input) => {
    let x = chain(input, activated({ filters: 16, kernelSize: 3, padding: 1 }));
    for (const filters of [16, 32, 64]) {
      for (let i = 0; i < 3; i++) x = block(x, filters, i === 0 && filters > 16 ? 2 : 1);
    }
    return chain(x, [layers.globalAveragePooling2d(), layers.dense({ units: 10 })]);
  },
};

function block(x: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const y = chain(x, [
    ...activated({ filters, kernelSize: 3, strides, padding: 1 }),
    ...normalized({ filters, kernelSize: 3, padding: 1 }),
  ]);
  const shortcut = strides === 1 ? x : chain(x, normalized({ filters, kernelSize: 1, strides }));
  return layers.activation({ activation: 'relu' }).apply(layers.add().apply([y, shortcut]));
}

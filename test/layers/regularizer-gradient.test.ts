import { layers, regularizers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

testGradients(
  'gradients of regularised layers match central differences',
  () => [
    {
      name: 'dense layers of both kinds',
      inputShape: [9],
      layers: [
        layers.dense({
          units: 6,
          activation: 'tanh',
          kernelRegularizer: regularizers.l2(0.05),
          biasRegularizer: regularizers.l1(0.03),
        }),
        layers.dense({ units: 3, kernelRegularizer: regularizers.l1l2({ l1: 0.02, l2: 0.01 }) }),
      ],
      samples: 19,
    },
    {
      name: 'convolutions, in part by Winograd',
      inputShape: [8, 6, 6],
      layers: [
        layers.conv2d({ filters: 16, kernelSize: 3, padding: 1, kernelRegularizer: { l2: 0.02 } }),
        layers.conv2d({ filters: 16, kernelSize: 3, padding: 1, activation: 'tanh', kernelRegularizer: { l1: 0.01 } }),
        layers.conv2d({ filters: 4, kernelSize: 1, biasRegularizer: { l1: 0.1, l2: 0.2 } }),
        layers.flatten(),
        layers.dense({ units: 4, activation: 'softmax' }),
      ],
      samples: 5,
    },
    {
      name: 'a layer applied twice, whose penalty counts once',
      inputShape: [5],
      layers: (x) => {
        const shared = layers.dense({ units: 5, activation: 'tanh', kernelRegularizer: { l1: 0.05, l2: 0.1 } });
        return layers.dense({ units: 3 }).apply(shared.apply(shared.apply(x)));
      },
      samples: 33,
    },
  ],
  86,
);

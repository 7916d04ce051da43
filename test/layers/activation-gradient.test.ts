import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';
import { ACTIVATION_TRUTHS, nameOf } from '../helpers/reference/activations.js';

const head = (units: number) => [layers.flatten(), layers.dense({ units, activation: 'softmax' })];

testGradients(
  'gradients of activation layers match central differences',
  () => [
    ...ACTIVATION_TRUTHS.filter(({ activation }) => activation !== 'linear').flatMap(({ activation }, i) => [
      // On the input itself, where there is nothing it could be fused into.
      {
        name: `${nameOf(activation)} on the input`,
        inputShape: [2, 3, 5],
        layers: [layers.activation({ activation }), ...head(3)],
        samples: 19,
      },
      {
        name: `${nameOf(activation)} behind a convolution`,
        inputShape: [2, 5, 4],
        layers: [layers.conv2d({ filters: 3, kernelSize: [3, 2] }), layers.activation({ activation }), ...head(4)],
        samples: 5 + 11 * (i % 3),
      },
      {
        name: `${nameOf(activation)} behind pooling`,
        inputShape: [3, 5, 6],
        layers: [
          layers.conv2d({ filters: 2, kernelSize: 3, padding: 1 }),
          layers.maxPooling2d({ poolSize: 2 }),
          layers.activation({ activation }),
          ...head(3),
        ],
        samples: 17,
      },
      {
        name: `${nameOf(activation)} behind another activation`,
        inputShape: [11],
        layers: [
          layers.dense({ units: 9, activation: 'tanh' }),
          layers.activation({ activation }),
          layers.activation({ activation: 'sigmoid' }),
          layers.dense({ units: 4 }),
        ],
        samples: 16,
      },
      {
        name: `${nameOf(activation)} as the option of a convolution and a dense layer`,
        inputShape: [2, 4, 5],
        layers: [
          layers.conv2d({ filters: 3, kernelSize: 3, padding: 1, activation }),
          layers.flatten(),
          layers.dense({ units: 7, activation }),
          layers.dense({ units: 3 }),
        ],
        samples: 18,
      },
    ]),
    {
      name: 'linear as a layer',
      inputShape: [7],
      layers: [layers.activation({ activation: 'linear' }), layers.dense({ units: 3 })],
      samples: 3,
    },
  ],
  80,
);

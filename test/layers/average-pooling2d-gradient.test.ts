import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

const network = (pool: Parameters<typeof layers.averagePooling2d>[0]) => [
  layers.conv2d({ filters: 3, kernelSize: 3, activation: 'tanh' as const }),
  layers.averagePooling2d(pool),
  layers.flatten(),
  layers.dense({ units: 3 }),
];

testGradients(
  'gradients of average pooling match central differences',
  () => [
    { name: 'windows of 2', inputShape: [2, 8, 9], layers: network({}), samples: 17 },
    {
      name: 'overlapping windows',
      inputShape: [1, 7, 7],
      layers: network({ poolSize: [3, 2], strides: 1 }),
      samples: 5,
    },
    {
      name: 'padded windows',
      inputShape: [1, 9, 8],
      layers: network({ poolSize: 3, strides: 2, padding: 1 }),
      samples: 20,
    },
    {
      name: 'a global mean',
      inputShape: [2, 6, 5],
      layers: [
        layers.conv2d({ filters: 5, kernelSize: 2, activation: 'tanh' }),
        layers.globalAveragePooling2d(),
        layers.dense({ units: 3 }),
      ],
      samples: 33,
    },
  ],
  317,
);

import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

const network = (conv: Parameters<typeof layers.conv2d>[0]) => [
  layers.conv2d(conv),
  layers.flatten(),
  layers.dense({ units: 3 }),
];

testGradients(
  'gradients of grouped and depthwise convolutions match central differences',
  () => [
    {
      name: 'two groups',
      inputShape: [6, 5, 7],
      layers: network({ filters: 4, kernelSize: 3, groups: 2 }),
      samples: 18,
    },
    {
      name: 'depthwise',
      inputShape: [5, 8, 7],
      layers: network({ filters: 5, kernelSize: 3, padding: 1, groups: 5, useBias: false }),
      samples: 33,
    },
    {
      name: 'depthwise with a multiplier and strides',
      inputShape: [3, 9, 9],
      layers: network({ filters: 9, kernelSize: 3, strides: 2, padding: 'same', groups: 3, activation: 'relu' }),
      samples: 7,
    },
    {
      name: 'three wide groups of points',
      inputShape: [51, 3, 2],
      layers: network({ filters: 54, kernelSize: 1, groups: 3 }),
      samples: 16,
    },
  ],
  331,
);

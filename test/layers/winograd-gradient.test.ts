import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

// From 16 channels on 3x3 convolutions with stride 1, and 5x5 ones from 12 on, go through Winograd's algorithm where there are vectors.
const network = (
  filters: number,
  padding: 0 | 1 | 2 | 4 | 'full',
  activation: 'relu' | 'tanh',
  kernelSize: 3 | 5 = 3,
) => [
  layers.conv2d({ filters: 16, kernelSize: 1, activation: 'tanh' as const }),
  layers.conv2d({ filters, kernelSize, padding, activation }),
  layers.flatten(),
  layers.dense({ units: 3 }),
];

testGradients(
  'gradients through Winograd convolutions match central differences',
  () => [
    { name: '16 channels on whole tiles', inputShape: [2, 8, 8], layers: network(16, 1, 'tanh'), samples: 17 },
    { name: '21 channels without padding', inputShape: [1, 10, 9], layers: network(21, 0, 'tanh'), samples: 5 },
    { name: '17 channels with wide padding', inputShape: [1, 6, 6], layers: network(17, 2, 'relu'), samples: 16 },
    { name: '16 channels with full padding', inputShape: [1, 5, 6], layers: network(16, 'full', 'tanh'), samples: 16 },
    { name: '18 channels with padding only around', inputShape: [1, 5, 4], layers: network(18, 4, 'tanh'), samples: 3 },
    {
      name: '40 channels on small images',
      inputShape: [33, 5, 6],
      layers: [
        layers.conv2d({ filters: 40, kernelSize: 3, padding: 'same', activation: 'tanh' }),
        layers.flatten(),
        layers.dense({ units: 3 }),
      ],
      samples: 18,
    },
    { name: '5x5, 16 channels on whole tiles', inputShape: [2, 8, 8], layers: network(16, 2, 'tanh', 5), samples: 17 },
    { name: '5x5, 21 channels without padding', inputShape: [1, 10, 9], layers: network(21, 0, 'tanh', 5), samples: 5 },
    {
      name: '5x5, 17 channels, full padding',
      inputShape: [1, 5, 6],
      layers: network(17, 'full', 'relu', 5),
      samples: 16,
    },
    { name: '5x5, 18 channels, padding around', inputShape: [1, 5, 4], layers: network(18, 4, 'tanh', 5), samples: 3 },
  ],
  337,
);

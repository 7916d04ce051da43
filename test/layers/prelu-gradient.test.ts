import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

testGradients(
  'gradients of prelu match central differences',
  () =>
    [false, true].flatMap((shared) => [
      {
        name: `prelu on the input, shared ${shared}`,
        inputShape: [3, 3, 5],
        layers: [layers.prelu({ shared }), layers.flatten(), layers.dense({ units: 4 })],
        samples: 19,
      },
      {
        name: `prelu behind a convolution, shared ${shared}`,
        inputShape: [2, 5, 4],
        layers: [
          layers.conv2d({ filters: 5, kernelSize: [3, 2] }),
          layers.prelu({ shared }),
          layers.flatten(),
          layers.dense({ units: 3 }),
        ],
        samples: 33,
      },
      {
        name: `prelu behind a dense layer, and once more, shared ${shared}`,
        inputShape: [7],
        layers: [
          layers.dense({ units: 9 }),
          layers.prelu({ shared }),
          layers.dense({ units: 5 }),
          layers.prelu({ shared }),
          layers.dense({ units: 3 }),
        ],
        samples: 16,
      },
    ]),
  82,
);

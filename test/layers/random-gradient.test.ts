import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

const head = (units: number) => [layers.flatten(), layers.dense({ units, activation: 'softmax' })];

// The loss is that of training: what is drawn in a step is the same in every run of it.
testGradients(
  'gradients of random layers match central differences',
  () => [
    {
      name: 'dropout between dense layers',
      inputShape: [7],
      layers: [
        layers.dense({ units: 33, activation: 'tanh' }),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
      samples: 37,
      wholeBatch: true,
    },
    {
      name: 'dropout on the input, behind a pooling and of no rate',
      inputShape: [2, 6, 5],
      layers: [
        layers.dropout({ rate: 0.2, seed: 2 ** 40 }),
        layers.conv2d({ filters: 5, kernelSize: 3, padding: 1, activation: 'tanh' }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.dropout({ rate: 0.6 }),
        layers.activation({ activation: 'sigmoid' }),
        layers.dropout({ rate: 0 }),
        ...head(4),
      ],
      samples: 17,
      wholeBatch: true,
    },
    {
      name: 'spatial dropout behind convolutions',
      inputShape: [3, 5, 4],
      layers: [
        layers.conv2d({ filters: 9, kernelSize: 3, padding: 'same', activation: 'tanh' }),
        layers.spatialDropout2d({ rate: 0.4 }),
        layers.conv2d({ filters: 6, kernelSize: 1 }),
        layers.spatialDropout2d({ rate: 0.3 }),
        ...head(3),
      ],
      samples: 5,
      wholeBatch: true,
    },
    {
      name: 'noise, also of no deviation',
      inputShape: [2, 4, 4],
      layers: [
        layers.gaussianNoise({ stddev: 0.5 }),
        layers.conv2d({ filters: 3, kernelSize: 3, activation: 'sigmoid' }),
        layers.gaussianNoise({ stddev: 0 }),
        layers.gaussianNoise({ stddev: 0.1, seed: 7 }),
        ...head(3),
      ],
      samples: 33,
      wholeBatch: true,
    },
    {
      name: 'one value read by a dropout and by others',
      inputShape: [11],
      layers: (x) => {
        const hidden = layers.dense({ units: 10, activation: 'tanh' }).apply(x);
        const drop = layers.dropout({ rate: 0.5 });
        const sum = layers.add().apply([hidden, drop.apply(hidden), drop.apply(hidden)]);
        const noisy = layers.gaussianNoise({ stddev: 0.2 }).apply(hidden);
        return layers.dense({ units: 3 }).apply(layers.add().apply([sum, noisy]));
      },
      samples: 21,
      wholeBatch: true,
    },
  ],
  85,
);

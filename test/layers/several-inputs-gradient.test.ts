import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

testGradients(
  'gradients of all inputs of a model',
  () => [
    {
      name: 'an image and a row of features',
      inputShape: [2, 5, 6],
      moreInputs: [[7]],
      layers: (image, row) => {
        const x = layers.conv2d({ filters: 3, kernelSize: 3, activation: 'tanh' }).apply(image);
        const seen = layers.dense({ units: 5 }).apply(layers.flatten().apply(x));
        const told = layers.dense({ units: 5, useBias: false }).apply(row as typeof image);
        const both = layers.activation({ activation: 'relu' }).apply(layers.add().apply([seen, told]));
        return layers.dense({ units: 4, activation: 'softmax' }).apply(both);
      },
      samples: 35,
    },
    {
      name: 'two images through one shared convolution, and their sum with a third',
      inputShape: [1, 5, 5],
      moreInputs: [
        [1, 5, 5],
        [2, 5, 5],
      ],
      layers: (a, ...others) => {
        const [b, c] = others as [typeof a, typeof a];
        const shared = layers.conv2d({ filters: 2, kernelSize: 3, padding: 1, activation: 'tanh' });
        const sum = layers.add().apply([shared.apply(a), shared.apply(b), c]);
        return layers.dense({ units: 3 }).apply(layers.flatten().apply(sum));
      },
      samples: 18,
    },
    {
      name: 'inputs that are added as they are, one of them read twice',
      inputShape: [6],
      moreInputs: [[6], [6]],
      layers: (a, ...others) => {
        const [b, c] = others as [typeof a, typeof a];
        return layers.dense({ units: 3 }).apply(layers.add().apply([b, a, layers.add().apply([c, a])]));
      },
      samples: 5,
    },
    {
      name: 'an input normalised over the batch beside one that is not',
      inputShape: [3, 4, 4],
      moreInputs: [[3, 4, 4]],
      layers: (a, ...others) => {
        const x = layers.batchNormalization().apply(a);
        const sum = layers.activation({ activation: 'tanh' }).apply(layers.add().apply([x, ...others]));
        return layers.dense({ units: 3 }).apply(layers.flatten().apply(sum));
      },
      samples: 19,
      wholeBatch: true,
    },
  ],
  317,
);

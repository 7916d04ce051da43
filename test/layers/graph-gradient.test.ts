import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

testGradients(
  'gradients meet where a tensor has several readers',
  () => [
    {
      name: 'an identity shortcut around two convolutions',
      inputShape: [4, 5, 6],
      layers: (input) => {
        const x = layers.conv2d({ filters: 4, kernelSize: 1, activation: 'tanh' }).apply(input);
        let y = layers.conv2d({ filters: 4, kernelSize: 3, padding: 1, activation: 'relu' }).apply(x);
        y = layers.conv2d({ filters: 4, kernelSize: 3, padding: 1 }).apply(y);
        y = layers.activation({ activation: 'relu' }).apply(layers.add().apply([y, x]));
        return layers.dense({ units: 3 }).apply(layers.flatten().apply(y));
      },
      samples: 18,
    },
    {
      name: 'a sum of a tensor with itself and an input read three times',
      inputShape: [6],
      layers: (input) => {
        const a = layers.dense({ units: 5, activation: 'tanh' }).apply(input);
        const b = layers.dense({ units: 5, activation: 'sigmoid' }).apply(input);
        const c = layers.dense({ units: 5 }).apply(input);
        const twice = layers.add().apply([a, a]);
        return layers.dense({ units: 4 }).apply(layers.add().apply([twice, b, c, a]));
      },
      samples: 33,
    },
    {
      name: 'a layer applied twice',
      inputShape: [5],
      layers: (input) => {
        const shared = layers.dense({ units: 5, activation: 'tanh' });
        return layers.dense({ units: 3 }).apply(shared.apply(shared.apply(input)));
      },
      samples: 7,
    },
  ],
  313,
);

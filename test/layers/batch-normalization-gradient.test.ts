import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

const relu = () => layers.activation({ activation: 'relu' });

testGradients(
  'gradients through batch normalisation match central differences',
  () => [
    {
      name: 'a normalised convolution with relu',
      inputShape: [2, 7, 5],
      layers: [
        layers.conv2d({ filters: 5, kernelSize: 3, padding: 1, useBias: false }),
        layers.batchNormalization(),
        relu(),
        layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, useBias: false }),
        layers.batchNormalization({ epsilon: 1e-3 }),
        layers.flatten(),
        layers.dense({ units: 4 }),
      ],
      samples: 19,
      wholeBatch: true,
    },
    {
      name: 'normalised features with tanh',
      inputShape: [11],
      layers: [
        layers.dense({ units: 9, activation: 'tanh' }),
        layers.batchNormalization(),
        layers.activation({ activation: 'tanh' }),
        layers.dense({ units: 3 }),
      ],
      samples: 37,
      wholeBatch: true,
    },
    {
      name: 'a residual block with a projection',
      inputShape: [3, 6, 6],
      layers: (input) => {
        let y = layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 1, useBias: false }).apply(input);
        y = relu().apply(layers.batchNormalization().apply(y));
        y = layers.conv2d({ filters: 4, kernelSize: 3, padding: 1, useBias: false }).apply(y);
        y = layers.batchNormalization().apply(y);
        const shortcut = layers
          .batchNormalization()
          .apply(layers.conv2d({ filters: 4, kernelSize: 1, strides: 2, useBias: false }).apply(input));
        y = relu().apply(layers.add().apply([y, shortcut]));
        return layers.dense({ units: 3 }).apply(layers.globalAveragePooling2d().apply(y));
      },
      samples: 21,
      wholeBatch: true,
    },
    {
      name: 'batch normalisations without scale, without shift and without both',
      inputShape: [2, 5, 4],
      layers: [
        layers.batchNormalization({ scale: false, center: false }),
        layers.conv2d({ filters: 4, kernelSize: 3, padding: 1, useBias: false }),
        layers.batchNormalization({ scale: false }),
        relu(),
        layers.conv2d({ filters: 3, kernelSize: 3, useBias: false }),
        layers.batchNormalization({ center: false }),
        layers.flatten(),
        layers.dense({ units: 4 }),
      ],
      samples: 19,
      wholeBatch: true,
    },
  ],
  311,
);

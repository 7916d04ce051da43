import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';
import { transposedCases, transposedLayer } from '../helpers/transposed-cases.js';

/** Products of one evaluation: the matrix is evaluated some ten thousand times. */
const MOST_PRODUCTS = 40_000;
const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'tanh'] as const;

testGradients(
  'gradients of conv2dTranspose match central differences',
  () =>
    transposedCases(72, 51, MOST_PRODUCTS).map((spec, i) => {
      const activation = ACTIVATIONS[i % ACTIVATIONS.length] ?? 'linear';
      return {
        name: `${spec.name}, ${activation}`,
        inputShape: [spec.channels, ...spec.image],
        layers: [transposedLayer(spec, { activation }), layers.flatten(), layers.dense({ units: 3 })],
        samples: spec.samples,
      };
    }),
  51,
);

testGradients(
  'gradients meet around transposed convolutions',
  () => [
    {
      name: 'a tensor read by two of them, whose sum is added to a third',
      inputShape: [3, 4, 5],
      layers: (input) => {
        const x = layers.conv2d({ filters: 4, kernelSize: 1, activation: 'tanh' }).apply(input);
        const up = (kernelSize: number) =>
          layers.conv2dTranspose({ filters: 3, kernelSize, strides: 2, padding: 'same' });
        const sum = layers.add().apply([up(3).apply(x), up(4).apply(x)]);
        const y = layers.add().apply([sum, up(2).apply(input)]);
        return layers
          .dense({ units: 3 })
          .apply(layers.flatten().apply(layers.activation({ activation: 'relu' }).apply(y)));
      },
      samples: 18,
    },
    {
      name: 'Winograd tiles and points on the way back',
      inputShape: [2, 6, 6],
      layers: [
        layers.conv2d({ filters: 17, kernelSize: 1, activation: 'tanh' }),
        layers.conv2dTranspose({ filters: 18, kernelSize: 3, padding: 1, activation: 'relu' }),
        layers.conv2dTranspose({ filters: 16, kernelSize: 1, activation: 'tanh' }),
        layers.conv2dTranspose({ filters: 3, kernelSize: 1, strides: 2, outputPadding: 1, useBias: false }),
        layers.batchNormalization(),
        layers.flatten(),
        layers.dense({ units: 3 }),
      ],
      samples: 17,
      wholeBatch: true,
    },
  ],
  52,
);

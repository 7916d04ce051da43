import { layers } from 'cnnative';
import { convCases, convLayer, inputShapeOf } from '../helpers/conv-cases.js';
import { testGradients } from '../helpers/gradient-check.js';

/** Products of one evaluation: the matrix is evaluated some ten thousand times. */
const MOST_PRODUCTS = 40_000;
const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'tanh'] as const;

testGradients(
  'gradients of conv2d match central differences',
  () =>
    convCases(78, 50, MOST_PRODUCTS).map((spec, i) => {
      const activation = ACTIVATIONS[i % ACTIVATIONS.length] ?? 'linear';
      return {
        name: `${spec.name}, ${activation}`,
        inputShape: inputShapeOf(spec),
        layers: [
          convLayer(spec, { activation }),
          layers.flatten(),
          layers.dense({ units: 2 + (i % 4), ...(i % 2 === 0 && { activation: 'softmax' }) }),
        ],
        samples: spec.samples,
      };
    }),
  50,
);

// Products of matrices do not know padding: these take the direct kernels, in one direction or in all.
testGradients(
  'gradients of 1x1 convolutions on padded images match central differences',
  () =>
    [
      layers.conv2d({ filters: 5, kernelSize: 1, padding: [0, 1, 0, 2] }),
      layers.conv2d({ filters: 5, kernelSize: 1, padding: [0, 1, 0, 0], strides: [2, 1] }),
      layers.conv2d({ filters: 5, kernelSize: 1, padding: [1, 0, 0, 0] }),
      layers.conv2d({ filters: 5, kernelSize: 1, strides: 2 }),
      layers.conv2dTranspose({ filters: 5, kernelSize: 1, dilation: 2, outputPadding: 1 }),
      layers.conv2dTranspose({ filters: 5, kernelSize: 1, padding: [0, 1, 0, 1] }),
      layers.conv2dTranspose({ filters: 5, kernelSize: 1, strides: [1, 3], outputPadding: [0, 2] }),
    ].map((layer) => ({
      name: JSON.stringify(layer.config()),
      inputShape: [3, 4, 5],
      layers: [layer, layers.flatten(), layers.dense({ units: 3 })],
      samples: 18,
    })),
  54,
);

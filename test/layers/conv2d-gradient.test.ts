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

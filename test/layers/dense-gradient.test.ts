import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax'] as const;
const UNITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 18, 22, 23, 31, 33, 40];
const INPUTS = [1, 3, 15, 16, 17, 30, 33];
const SAMPLES = [1, 5, 16, 17, 33, 40];

testGradients(
  'gradients of dense match central differences',
  () =>
    UNITS.map((units, i) => {
      // A softmax of a single unit is 1 whatever comes in, and so has no gradient.
      const activation = (units > 1 ? ACTIVATIONS[i % ACTIVATIONS.length] : undefined) ?? 'tanh';
      const inputs = INPUTS[i % INPUTS.length] as number;
      const samples = SAMPLES[i % SAMPLES.length] as number;
      return {
        name: `${inputs} to ${units}, ${activation}, ${samples} samples`,
        inputShape: [inputs],
        layers: [
          layers.dense({ units, activation, useBias: i % 3 !== 2 }),
          layers.dense({ units: 3, ...(i % 2 === 0 && { activation: 'softmax' }) }),
        ],
        samples,
      };
    }),
  70,
);

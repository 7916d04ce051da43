import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';
import { poolCases, poolLayer } from '../helpers/pool-cases.js';

testGradients(
  'gradients of maxPooling2d match central differences',
  () =>
    poolCases(30, 60).map((spec, i) => ({
      name: spec.name,
      inputShape: [1, ...spec.image],
      // Pooling's own input is trained from, and in every second case its output is trained on.
      layers: [
        layers.conv2d({ filters: spec.channels, kernelSize: 3, padding: 'same', activation: 'tanh' }),
        poolLayer(spec),
        ...(i % 2 === 0 ? [layers.conv2d({ filters: 3, kernelSize: 1, activation: 'relu' })] : []),
        layers.flatten(),
        layers.dense({ units: 4, activation: 'softmax' }),
      ],
      samples: spec.samples,
    })),
  60,
);

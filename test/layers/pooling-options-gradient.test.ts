import { type Layer, layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

const around = (pool: Layer) => [
  layers.conv2d({ filters: 3, kernelSize: 2, activation: 'tanh' as const }),
  pool,
  layers.flatten(),
  layers.dense({ units: 3 }),
];

const POOLS: Record<string, () => Layer> = {
  'dilated maxima': () =>
    layers.maxPooling2d({ poolSize: [3, 2], strides: [1, 2], dilation: [2, 3], padding: [1, 0, 2, 1] }),
  'maxima with windows cut off': () => layers.maxPooling2d({ poolSize: 3, strides: 2, ceilMode: true }),
  'overlapping maxima': () => layers.maxPooling2d({ poolSize: 2, strides: 1 }),
  'means with windows cut off': () => layers.averagePooling2d({ poolSize: 3, padding: 1, ceilMode: true }),
  'means that count padding': () =>
    layers.averagePooling2d({
      poolSize: [3, 4],
      strides: 2,
      padding: [2, 1, 0, 3],
      ceilMode: true,
      countIncludePad: true,
    }),
  'means of dividing bins': () => layers.adaptiveAveragePooling2d({ outputSize: [4, 2] }),
  'means of overlapping bins': () => layers.adaptiveAveragePooling2d({ outputSize: [3, 11] }),
  'maxima of bins': () => layers.adaptiveMaxPooling2d({ outputSize: [3, 4] }),
};

testGradients(
  'gradients of pooling with every option match central differences',
  () => [
    ...Object.entries(POOLS).map(([name, pool], i) => ({
      ...{ name, inputShape: [2, 9, 8], layers: around(pool()), samples: [5, 17, 33][i % 3] ?? 5 },
    })),
    {
      name: 'global maxima',
      inputShape: [2, 6, 5],
      layers: [
        layers.conv2d({ filters: 7, kernelSize: 2, activation: 'tanh' }),
        layers.globalMaxPooling2d(),
        layers.dense({ units: 3 }),
      ],
      samples: 19,
    },
  ],
  331,
);

import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

const conv = (filters: number) => layers.conv2d({ filters, kernelSize: 3, padding: 1, activation: 'tanh' });
const head = (units: number) => [layers.flatten(), layers.dense({ units })];

testGradients(
  'gradients of layers that normalise each sample match central differences',
  () => [
    {
      name: 'layer normalisation of images and of features',
      inputShape: [2, 7, 5],
      layers: [
        layers.layerNormalization(),
        conv(3),
        layers.layerNormalization({ epsilon: 1e-3 }),
        layers.flatten(),
        layers.dense({ units: 9 }),
        layers.layerNormalization(),
        layers.activation({ activation: 'relu' }),
        layers.dense({ units: 4 }),
      ],
      samples: 19,
    },
    {
      name: 'group normalisation of images and of features',
      inputShape: [4, 3, 5],
      layers: [
        layers.groupNormalization({ groups: 2 }),
        conv(6),
        layers.groupNormalization({ groups: 3, epsilon: 1e-3 }),
        layers.activation({ activation: 'relu' }),
        layers.flatten(),
        layers.dense({ units: 9 }),
        layers.groupNormalization({ groups: 3 }),
        layers.dense({ units: 4 }),
      ],
      samples: 33,
    },
    {
      name: 'instance normalisation',
      inputShape: [3, 5, 4],
      layers: [layers.instanceNormalization(), conv(5), layers.instanceNormalization({ epsilon: 1e-2 }), ...head(3)],
      samples: 17,
    },
    {
      name: 'normalisations without scale, without shift and without both',
      inputShape: [4, 3, 4],
      layers: [
        conv(4),
        layers.layerNormalization({ scale: false }),
        conv(4),
        layers.groupNormalization({ groups: 2, center: false }),
        conv(3),
        layers.instanceNormalization({ scale: false, center: false }),
        ...head(3),
      ],
      samples: 18,
    },
    {
      name: 'a normalisation applied twice, of a tensor read by others too',
      inputShape: [3, 4, 4],
      layers: (input) => {
        const shared = layers.groupNormalization({ groups: 1 });
        const x = conv(3).apply(input);
        const sum = layers.add().apply([shared.apply(conv(3).apply(shared.apply(x))), x]);
        return layers.dense({ units: 3 }).apply(layers.flatten().apply(sum));
      },
      samples: 7,
    },
    ...[
      {},
      { size: 4, alpha: 1, beta: 0.5, k: 2 },
      { size: 3, alpha: 2, beta: 1 },
      { size: 7, alpha: 1.5, beta: 0.4 },
    ].map((options, i) => ({
      name: `local response normalisation of ${JSON.stringify(options)}`,
      inputShape: [3, 4, 5],
      layers: [
        layers.localResponseNormalization(options),
        conv(5),
        layers.localResponseNormalization(options),
        ...head(3),
      ],
      samples: 5 + 7 * i,
    })),
  ],
  319,
);

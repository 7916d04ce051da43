import test from 'ava';
import { layers, optimizers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';
import { TestNetwork } from '../helpers/test-network.js';

const relu = () => layers.activation({ activation: 'relu' });
const frozen = { trainable: false } as const;

testGradients(
  'gradients through frozen layers match central differences',
  () => [
    {
      name: 'frozen normalisations with relu and tanh',
      inputShape: [2, 6, 5],
      layers: [
        layers.conv2d({ filters: 5, kernelSize: 3, padding: 1 }),
        layers.batchNormalization(frozen),
        relu(),
        layers.conv2d({ filters: 3, kernelSize: 3, ...frozen }),
        layers.batchNormalization({ scale: false, epsilon: 1e-3, ...frozen }),
        layers.activation({ activation: 'tanh' }),
        layers.flatten(),
        layers.dense({ units: 4 }),
      ],
      samples: 19,
    },
    {
      name: 'a residual block with frozen normalisations',
      inputShape: [3, 5, 5],
      layers: (input) => {
        const x = layers.conv2d({ filters: 4, kernelSize: 3 }).apply(input);
        const y = layers
          .batchNormalization(frozen)
          .apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 1 }).apply(x));
        const z = relu().apply(layers.add().apply([y, x]));
        return layers.dense({ units: 3 }).apply(layers.globalAveragePooling2d().apply(z));
      },
      samples: 17,
    },
    {
      name: 'other frozen layers between trained ones',
      inputShape: [2, 6, 6],
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 1 }),
        layers.groupNormalization({ groups: 2, ...frozen }),
        layers.prelu(frozen),
        layers.conv2dTranspose({ filters: 3, kernelSize: 3, ...frozen }),
        layers.depthwiseConv2d({ kernelSize: 3, ...frozen }),
        layers.flatten(),
        layers.dense({ units: 7, activation: 'tanh', ...frozen }),
        layers.dense({ units: 3 }),
      ],
      samples: 9,
    },
  ],
  88,
);

test('nothing is computed for the gradients of frozen layers alone', (t) => {
  const opsOf = (trainable: boolean) => {
    const network = new TestNetwork(
      [2, 6, 6],
      [
        layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, trainable }),
        layers.batchNormalization({ name: 'norm', trainable }),
        layers.prelu({ name: 'prelu', trainable }),
        layers.flatten(),
        layers.dense({ name: 'head', units: 3 }),
      ],
    );
    const { calls } = network.description('train', 16, { optimizer: optimizers.sgd() });
    return calls.filter(({ op }) => /Gradient|batchNormRunning|sgd/.test(op)).map(({ op, label }) => `${label} ${op}`);
  };
  t.deepEqual(opsOf(false), ['head biasGradient', 'head denseWeightGradient', 'head sgd', 'head sgd']);
  t.true(opsOf(true).includes('conv convolutionWeightGradient'));
});

import test from 'ava';
import { type Layer, layers, optimizers, ShapeError, sequential } from 'cnnative';
import { type Anything, JUNK, junkBut, refused, refusesOptions, show } from '../helpers/bad-values.js';

test('sequential refuses what is no input, seed or layer', async (t) => {
  const make = (options: Anything) => sequential(options, [layers.flatten(), layers.dense({ units: 2 })]);
  const shapes = [...JUNK, [0], [2, 2], [1, 2, 2, 2], [1, -2, 2], [1, '2', 2], [1, 2.5, 2], [2 ** 20], ['2']];
  await refusesOptions(
    t,
    make,
    { inputShape: [1, 2, 2] },
    {
      seed: [...junkBut(0), 2 ** 53],
    },
  );
  for (const shape of [...shapes, undefined]) {
    await refused(t, show(shape), () => make({ inputShape: shape }));
    await refused(t, show(shape), () => make({ input: { shape } }));
  }
  await refusesOptions(
    t,
    (input) => make({ input }),
    { shape: [3, 2, 2] },
    {
      scale: junkBut(-1, -0.5, 1.5, 2 ** 53, 1e300),
      mean: [...junkBut(-1, -0.5, 0, 1.5, 2 ** 53, 1e300), [0, 0], [0, 0, 0, 0], [0, 0, '0']],
      std: [...junkBut(1.5, 2 ** 53, 1e300), [1, 1], [1, 1, 0], [1, 1, -1]],
    },
  );
  for (const value of [...JUNK, undefined]) {
    await refused(t, `input ${show(value)}`, () => make(value === undefined ? {} : { input: value }));
    await refused(t, `options ${show(value)}`, () => make(value));
    await refused(t, `layers ${show(value)}`, () => sequential({ inputShape: [4] }, value as Anything));
    await refused(t, `layer ${show(value)}`, () =>
      sequential({ inputShape: [4] }, [layers.flatten(), value as Anything]),
    );
  }
  await refused(t, 'both', () => make({ input: { shape: [4] }, inputShape: [4] }));
  const sparse = [layers.flatten(), layers.dense({ units: 2 })];
  sparse[3] = layers.dense({ units: 2 });
  const error = await refused(t, 'a hole', () => sequential({ inputShape: [4] }, sparse));
  t.regex(error?.message ?? '', /a layer at position 2, received undefined/);
});

interface Misfit {
  readonly shape: readonly number[];
  readonly chain: () => Layer[];
  readonly message: RegExp;
}

const MISFITS: Record<string, Misfit> = {
  'a kernel larger than its input': {
    shape: [1, 4, 9],
    chain: () => [layers.conv2d({ filters: 2, kernelSize: 3 }), layers.conv2d({ filters: 2, kernelSize: [3, 3] })],
    message:
      /conv2d_1 \(layer 1 of sequential\): expected a kernelSize of at most the padded input, received \[3, 3\] .*\[2, 2, 7\]/,
  },
  'a pool larger than its input': {
    shape: [1, 3, 3],
    chain: () => [layers.maxPooling2d({ poolSize: [4, 1] })],
    message: /maxPooling2d \(layer 0 of sequential\): expected a poolSize of at most .* received \[4, 1\]/,
  },
  'pool padding as large as the pool': {
    shape: [1, 8, 8],
    chain: () => [layers.maxPooling2d({ poolSize: 2, padding: 2 })],
    message: /expected padding smaller than the poolSize \[2, 2\], received 2/,
  },
  'a convolution of rows': {
    shape: [9],
    chain: () => [layers.conv2d({ filters: 2, kernelSize: 3 })],
    message: /\[channels, height, width\], received \[9\]/,
  },
  'a full convolution of more rows than an axis may have': {
    shape: [1, 4, 1],
    chain: () => [layers.conv2d({ filters: 1, kernelSize: [3, 1], dilation: 2 ** 19 - 1, padding: 'full' })],
    message: /expected an output of at most 1048575 rows and columns, received \[1048578, 1\]/,
  },
  'a kernel too long for an axis as long as it may be': {
    shape: [1, 1, 1_000_000],
    chain: () => [layers.conv2d({ filters: 1, kernelSize: [1, 300], strides: [1, 1000] })],
    message: /expected at most 2\^28 pairs .* received kernelSize \[1, 300\] on an input of \[1, 1, 1000000\]/,
  },
  'images enlarged beyond what an axis may have': {
    shape: [1, 1, 1_000_000],
    chain: () => [layers.upSampling2d({ size: [1, 20] })],
    message: /expected an output of at most 2\^24 rows and columns, received \[1, 20000000\]/,
  },
  'channels that groups do not divide': {
    shape: [3, 8, 8],
    chain: () => [layers.conv2d({ filters: 4, kernelSize: 3, groups: 2 })],
    message: /expected input channels that divide by the 2 groups, received \[3, 8, 8\]/,
  },
  'pooling behind flatten': {
    shape: [1, 4, 4],
    chain: () => [layers.flatten(), layers.maxPooling2d()],
    message: /maxPooling2d \(layer 1 .*received \[16\]/,
  },
  'a dense layer of images': {
    shape: [1, 4, 4],
    chain: () => [layers.dense({ units: 2 })],
    message: /dense \(layer 0 .*\[features\], received \[1, 4, 4\]\. Put layers\.flatten\(\) before it/,
  },
  'a softmax of images': {
    shape: [2, 4, 4],
    chain: () => [layers.activation({ activation: 'softmax' })],
    message: /\[classes\] for softmax, received \[2, 4, 4\]/,
  },
  'an input of too many values': {
    shape: [2 ** 20 - 1, 2 ** 20 - 1, 2 ** 20 - 1],
    chain: () => [layers.flatten()],
    message: /at most 2147483647 values in the input/,
  },
  'an output of too many values': {
    shape: [1, 28, 28],
    chain: () => [layers.conv2d({ filters: 2 ** 40, kernelSize: 3, name: 'wide' })],
    message: /wide \(layer 0 .*at most 2147483647 values in the output/,
  },
  'weights of too many values': {
    shape: [2 ** 19],
    chain: () => [layers.dense({ units: 2 ** 19 })],
    message: /at most 2147483647 values in the weights dense\/kernel, received the shape \[524288, 524288\]/,
  },
  'a kernel of too many values': {
    shape: [1, 1, 1],
    chain: () => [layers.conv2d({ filters: 1, kernelSize: 2 ** 20 - 1, padding: 'same' })],
    message: /at most 2147483647 values in the weights conv2d\/kernel/,
  },
};

for (const [what, { shape, chain, message }] of Object.entries(MISFITS)) {
  test(`sequential refuses ${what}`, (t) => {
    t.throws(() => sequential({ inputShape: shape }, chain()), { instanceOf: ShapeError, message });
  });
}

test('compile refuses a loss for classes on images', (t) => {
  const model = sequential({ inputShape: [1, 4, 4] }, [layers.maxPooling2d()]);
  t.throws(() => model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' }), {
    instanceOf: ShapeError,
    message: /model\.compile: expected a model with outputs of shape \[classes\].*received \[1, 2, 2\]/,
  });
});

import test from 'ava';
import { layers, ShapeError, sequential } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testGradients } from '../helpers/gradient-check.js';
import { testEachIsa } from '../helpers/isas.js';
import { convolution } from '../helpers/reference/convolution.js';
import { axesOf } from '../helpers/reference/sliding.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { randomValues } from '../helpers/values.js';

const TOLERANCE = 1e-5;

const OPTIONS = [
  { kernelSize: [3, 3], strides: [1, 1], dilation: [1, 1], padding: 'same' },
  { kernelSize: [3, 2], strides: [2, 1], dilation: [1, 2], padding: 'full' },
  { kernelSize: [5, 5], strides: [1, 2], dilation: [2, 1], padding: [4, 3, 0, 2] },
  { kernelSize: [1, 1], strides: [3, 3], dilation: [1, 1], padding: 'valid' },
  { kernelSize: [7, 4], strides: [1, 1], dilation: [1, 1], padding: 3 },
] as const;

const SHAPES = [
  [1, 5, 6],
  [5, 4, 9],
  [17, 7, 5],
] as const;

/** Every option with every input and multiplier of 1 to 3. */
const CASES = OPTIONS.flatMap((options) =>
  SHAPES.flatMap((shape) => [1, 2, 3].map((depthMultiplier) => ({ options, shape, depthMultiplier }))),
);

/** What the definition makes of random samples; a pointwise kernel may follow the depthwise one. */
function truthOf({ options, shape, depthMultiplier }: (typeof CASES)[number], filters?: number) {
  const { kernelSize, strides, dilation, padding } = options;
  const [channels, ...image] = shape;
  const between = channels * depthMultiplier;
  const samples = 5;
  const random = new Philox(between);
  const x = randomValues(random, samples * channels * image[0] * image[1]);
  const depthwise = randomValues(random, between * kernelSize[0] * kernelSize[1]);
  const bias = randomValues(random, filters ?? between);
  const [rows, columns] = axesOf(image, kernelSize, strides, padding, dilation);
  const first = { samples, channels, filters: between, groups: channels, rows, columns };
  if (filters === undefined) return { x, parameters: [depthwise, bias], y: convolution(first, x, depthwise, bias) };
  const pointwise = randomValues(random, filters * between);
  const made = convolution(first, x, depthwise, undefined);
  const size = made.length / samples / between;
  const [row, column] = axesOf([1, size], [1, 1], [1, 1], 'valid');
  const second = { samples, channels: between, filters, rows: row, columns: column };
  return { x, parameters: [depthwise, pointwise, bias], y: convolution(second, made, pointwise, bias) };
}

testEachIsa('depthwiseConv2d equals its definition', async (t, isa) => {
  for (const spec of CASES) {
    const { options, shape, depthMultiplier } = spec;
    const { x, parameters, y } = truthOf(spec);
    const network = new TestNetwork([...shape], [layers.depthwiseConv2d({ ...options, depthMultiplier })]);
    const what = JSON.stringify(spec);
    isClose(t, what, await network.predict(parameters, x, DOUBLE), y, 1e-12);
    isClose(t, what, await network.predict(parameters, x, { isa, capacity: 16 }), y, TOLERANCE);
    isClose(
      t,
      `${what}, by 8 samples and fewer`,
      await network.predict(parameters, x, { isa, batchSize: 2 }),
      y,
      TOLERANCE,
    );
  }
});

testEachIsa('separableConv2d equals its definition', async (t, isa) => {
  for (const [i, spec] of CASES.entries()) {
    const { options, shape, depthMultiplier } = spec;
    const filters = 1 + (i % 19);
    const { x, parameters, y } = truthOf(spec, filters);
    const network = new TestNetwork([...shape], [layers.separableConv2d({ filters, ...options, depthMultiplier })]);
    const what = JSON.stringify({ ...spec, filters });
    isClose(t, what, await network.predict(parameters, x, DOUBLE), y, 1e-12);
    isClose(t, what, await network.predict(parameters, x, { isa, capacity: 16 }), y, TOLERANCE);
    isClose(
      t,
      `${what}, by 8 samples and fewer`,
      await network.predict(parameters, x, { isa, batchSize: 2 }),
      y,
      TOLERANCE,
    );
  }
});

testGradients(
  'gradients of depthwiseConv2d and separableConv2d match central differences',
  () =>
    CASES.filter((_, i) => i % 2 === 0).map(({ options, shape, depthMultiplier }, i) => {
      const activation = (['linear', 'relu', 'tanh'] as const)[i % 3] ?? 'linear';
      const own = { ...options, depthMultiplier, activation, useBias: i % 4 !== 3 };
      const layer = i % 2 === 0 ? layers.depthwiseConv2d(own) : layers.separableConv2d({ ...own, filters: 3 + i });
      return {
        name: JSON.stringify(layer.config()),
        inputShape: [...shape],
        layers: [layer, layers.flatten(), layers.dense({ units: 3 })],
        samples: 3 + 5 * (i % 4),
      };
    }),
  53,
);

test('parameters are named and shaped, and only the end of a separable convolution has a bias', (t) => {
  const named = (layer: {
    parameters: (input: readonly number[]) => readonly { name: string; shape: readonly number[] }[];
  }) => layer.parameters([3, 9, 9]).map(({ name, shape }) => [name, shape]);
  t.deepEqual(named(layers.depthwiseConv2d({ kernelSize: [3, 2], depthMultiplier: 2 })), [
    ['kernel', [6, 1, 3, 2]],
    ['bias', [6]],
  ]);
  t.deepEqual(named(layers.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2 })), [
    ['depthwiseKernel', [6, 1, 3, 3]],
    ['pointwiseKernel', [5, 6, 1, 1]],
    ['bias', [5]],
  ]);
  t.is(layers.separableConv2d({ filters: 5, kernelSize: 3, useBias: false }).parameters([3, 9, 9]).length, 2);
});

test('inputs that are no images, or smaller than the kernel, are refused', (t) => {
  for (const layer of [
    layers.depthwiseConv2d({ kernelSize: 3, dilation: 2 }),
    layers.separableConv2d({ filters: 2, kernelSize: 3, dilation: 2 }),
    layers.conv2d({ filters: 2, kernelSize: 3, dilation: 2 }),
  ]) {
    t.throws(() => sequential({ inputShape: [9] }, [layer]), { instanceOf: ShapeError, message: /received \[9\]/ });
    t.throws(() => sequential({ inputShape: [1, 4, 9] }, [layer]), {
      instanceOf: ShapeError,
      message:
        /expected a dilated kernelSize of at most the padded input, received \[5, 5\] for an input of \[1, 4, 9\]/,
    });
  }
});

import test from 'ava';
import { InvalidArgumentError, layers, ShapeError, sequential } from 'cnnative';
import { LANES } from '#lib/program/description.js';
import { Philox } from '#lib/util/philox.js';
import { largestError } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { TestNetwork } from '../helpers/test-network.js';
import { type TransposedCase, transposedCases, transposedLayer, transposedShape } from '../helpers/transposed-cases.js';
import { randomLabels, randomValues } from '../helpers/values.js';

const shapeOf = (options: Parameters<typeof layers.conv2dTranspose>[0], input: readonly number[]) =>
  layers.conv2dTranspose(options).outputShape('it', input);

test('output sizes are those of PyTorch, and with same those of Keras', (t) => {
  const base = { filters: 6, kernelSize: 3 };
  t.deepEqual(shapeOf(base, [2, 5, 7]), [6, 7, 9]);
  t.deepEqual(shapeOf({ ...base, strides: 2 }, [2, 5, 7]), [6, 11, 15]);
  t.deepEqual(shapeOf({ ...base, strides: 2, padding: 1, outputPadding: 1 }, [2, 5, 7]), [6, 10, 14]);
  t.deepEqual(shapeOf({ ...base, strides: [2, 3], padding: [0, 1, 2, 0] }, [2, 5, 7]), [6, 10, 19]);
  t.deepEqual(shapeOf({ ...base, dilation: 3, padding: 'full' }, [2, 7, 8]), [6, 1, 2]);
  t.deepEqual(shapeOf({ ...base, dilation: 3, outputPadding: [0, 2] }, [2, 7, 8]), [6, 13, 16]);
  t.deepEqual(shapeOf({ ...base, strides: [4, 2], padding: 'same' }, [2, 5, 7]), [6, 20, 14]);
  t.deepEqual(shapeOf({ filters: 6, kernelSize: 1, strides: 3 }, [2, 1, 2]), [6, 1, 4]);
});

test('the kernel has the shape of PyTorch, [C, filters / groups, R, S]', (t) => {
  const specs = layers.conv2dTranspose({ filters: 6, kernelSize: [3, 2], groups: 2 }).parameters([4, 5, 5]);
  t.deepEqual(
    specs.map(({ name, shape }) => [name, shape]),
    [
      ['kernel', [4, 3, 3, 2]],
      ['bias', [6]],
    ],
  );
});

test('outputPadding as large as both stride and dilation is refused', (t) => {
  const make = (more: object) => () => layers.conv2dTranspose({ filters: 2, kernelSize: 3, ...more });
  t.notThrows(make({ strides: 2, outputPadding: 1 }));
  t.notThrows(make({ dilation: 2, outputPadding: 1 }));
  t.throws(make({ outputPadding: 1 }), {
    instanceOf: InvalidArgumentError,
    message: /expected outputPadding smaller than strides \[1, 1\] or dilation \[1, 1\], received \[1, 1\]/,
  });
  t.throws(make({ strides: [3, 2], outputPadding: [2, 2] }), { message: /received \[2, 2\]/ });
  t.throws(make({ strides: 2, padding: 'same', outputPadding: 1 }), {
    instanceOf: InvalidArgumentError,
    message: /expected 0 for outputPadding with padding: 'same', received \[1, 1\]/,
  });
});

test('shapes that do not fit are refused', (t) => {
  const refuses = (options: object, shape: number[], message: RegExp) => {
    const layer = layers.conv2dTranspose({ filters: 4, kernelSize: 3, ...options });
    t.throws(() => sequential({ inputShape: shape }, [layer]), { instanceOf: ShapeError, message });
  };
  refuses({ groups: 4 }, [6, 5, 5], /input channels that divide by the 4 groups, received \[6, 5, 5\]/);
  refuses({ padding: 2 }, [2, 2, 9], /at least one row and column, received 2 for an input of \[2, 2, 9\], .*\[0, 7\]/);
  refuses({}, [8], /\[channels, height, width\], received \[8\]/);
  refuses({ strides: 2 ** 19 }, [1, 9, 1], /an output of at most 1048575 rows and columns, received \[4194307, 3\]/);
  t.throws(() => layers.conv2dTranspose({ filters: 5, kernelSize: 3, groups: 2 }), {
    instanceOf: InvalidArgumentError,
    message: /expected filters that divide by the 2 groups, received 5/,
  });
});

/** The convolution whose gradient a transposed one is, on the image that it makes. */
function matching(spec: TransposedCase): TestNetwork {
  const { channels: filters, kernelSize, strides, dilation, padding, groups } = spec;
  const { rows, columns } = transposedShape(spec);
  const options = { filters, kernelSize, strides, dilation, padding, groups, useBias: false };
  return new TestNetwork([spec.filters, rows.output, columns.output], [layers.conv2d(options), layers.flatten()]);
}

testEachIsa('a transposed convolution is the data gradient of a convolution, to the bit', async (t, isa) => {
  const random = new Philox(17);
  const divides = ({ outputPadding, strides }: TransposedCase) =>
    outputPadding[0] < strides[0] && outputPadding[1] < strides[1];
  const cases = transposedCases(90, 4, 300_000).filter(divides);
  t.true(cases.length >= 60);
  for (const spec of cases) {
    const convolution = matching(spec);
    const parameters = convolution.randomParameters(random);
    const inputs = randomValues(random, spec.samples * convolution.features);
    const batch = { inputs, labels: randomLabels(random, spec.samples, convolution.classes) };
    // With lanes of samples, as the gradients are computed.
    const logits = await convolution.predict(parameters, inputs, { isa, capacity: 3 * LANES });
    // The gradient that the convolution is given: of the loss alone.
    const loss = new TestNetwork([convolution.classes], [layers.activation({ activation: 'softmax' })]);
    const { input: dy } = await loss.gradients([], { ...batch, inputs: logits }, { isa });
    const { input: dx } = await convolution.gradients(parameters, batch, { isa });

    const transposed = new TestNetwork([spec.channels, ...spec.image], [transposedLayer({ ...spec, useBias: false })]);
    t.is(largestError(await transposed.predict(parameters, dy, { isa }), dx, 1), 0, spec.name);
  }
});

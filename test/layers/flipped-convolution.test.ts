import test from 'ava';
import { type Conv2DOptions, layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { isas, testEachIsa, testEachVectorIsa } from '../helpers/isas.js';
import { type NetworkLayers, TestNetwork } from '../helpers/test-network.js';
import { randomLabels, randomValues } from '../helpers/values.js';

const TOLERANCE = 1e-5;

/** Networks whose first kernel is flipped or not. Each would take another algorithm if it were not. */
const NETWORKS: Record<string, { shape: number[]; make: (flip: boolean) => NetworkLayers }> = {
  direct: { shape: [3, 9, 8], make: (flip) => chain({ filters: 5, kernelSize: [4, 3], strides: 2, padding: 1, flip }) },
  dilated: {
    shape: [2, 9, 9],
    make: (flip) => chain({ filters: 4, kernelSize: 3, dilation: [2, 3], padding: 'full', flip }),
  },
  'as Winograd would': {
    shape: [17, 9, 9],
    make: (flip) => chain({ filters: 18, kernelSize: 3, padding: [2, 0, 1, 2], flip }),
  },
  points: { shape: [17, 4, 5], make: (flip) => chain({ filters: 6, kernelSize: 1, flip }) },
  grouped: { shape: [16, 5, 5], make: (flip) => chain({ filters: 18, kernelSize: 3, groups: 2, flip }) },
  'depthwise, with points behind': {
    shape: [6, 7, 9],
    make: (flip) => [
      layers.conv2d({ filters: 6, kernelSize: 3, groups: 6, padding: [1, 0, 2, 1], dilation: [1, 2], flip }),
      layers.conv2d({ filters: 5, kernelSize: 1, activation: 'relu' }),
      layers.flatten(),
    ],
  },
};

function chain(options: Conv2DOptions): NetworkLayers {
  return [layers.conv2d(options), layers.flatten()];
}

/** A kernel rotated by 180 degrees: its taps in reverse order. */
function turned(kernel: ArrayLike<number>, taps: number): Float32Array {
  return Float32Array.from(
    { length: kernel.length },
    (_, i) => kernel[Math.floor(i / taps) * taps + (taps - 1 - (i % taps))] ?? 0,
  );
}

for (const [name, { shape, make }] of Object.entries(NETWORKS)) {
  testEachIsa(`${name}: a flipped kernel does what the rotated one does`, async (t, isa) => {
    const random = new Philox(5);
    const [flipped, plain] = [new TestNetwork(shape, make(true)), new TestNetwork(shape, make(false))];
    const [kernel = new Float32Array(), ...others] = plain.randomParameters(random);
    const taps = plain.network.parameters[0]?.shape.slice(2).reduce((product, size) => product * size, 1) ?? 0;
    const [own, rotated] = [
      [kernel, ...others],
      [turned(kernel, taps), ...others],
    ];
    const samples = 18;
    const inputs = randomValues(random, samples * plain.features);
    const batch = { inputs, labels: randomLabels(random, samples, plain.classes) };
    for (const batchSize of [samples, 2]) {
      const expected = await plain.predict(rotated, inputs, { isa, batchSize });
      isClose(
        t,
        `predicted by ${batchSize}`,
        await flipped.predict(own, inputs, { isa, batchSize }),
        expected,
        TOLERANCE,
      );
    }
    const actual = await flipped.gradients(own, batch, { isa });
    const expected = await plain.gradients(rotated, batch, { isa });
    isClose(t, 'dx', actual.input, expected.input, TOLERANCE);
    const [dw = [], ...rest] = actual.parameters;
    isClose(t, 'dw', turned(dw, taps), expected.parameters[0] ?? [], TOLERANCE);
    rest.forEach((gradient, i) => {
      isClose(t, `parameter ${i + 1}`, gradient, expected.parameters[i + 1] ?? [], TOLERANCE);
    });
  });
}

test('Winograd is not taken for flipped or dilated kernels, lanes of channels are', (t) => {
  const isa = isas[0] ?? 'scalar';
  const described = (options: Omit<Conv2DOptions, 'filters' | 'kernelSize'>, samples: number) => {
    const layer = layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', ...options });
    return new TestNetwork([16, 8, 8], [layer]).description('predict', samples, { isa });
  };
  const operators = (options: Omit<Conv2DOptions, 'filters' | 'kernelSize'>) =>
    described(options, 16).calls.map(({ op }) => op);
  const vectors = isa !== 'scalar';
  t.is(operators({}).includes('winogradConvolution'), vectors);
  t.true(operators({ flip: true }).includes('convolution'));
  t.true(operators({ dilation: [1, 2] }).includes('convolution'));
  for (const options of [{ dilation: 2 }, { flip: true }]) {
    t.is(described(options, 1).samplesPerGroup, vectors ? 1 : 16);
  }
});

testEachVectorIsa("native calls refuse kernels that Winograd's algorithm cannot do", async (t, isa) => {
  const shape = { inputs: 16, outputs: 16, groups: 1, inputShape: [6, 6], outputShape: [4, 4], kernelSize: [3, 3] };
  const plain = { ...shape, strides: [1, 1], dilation: [1, 1], padding: [0, 0], flip: 0 };
  const run = (op: string, attributes: object) => {
    const program = new CallProgram({ isa, samples: 16 });
    const operands = { y: program.sample(16 * 16), x: program.sample(16 * 36), w: program.variable(36 * 16 * 16) };
    program.call(op, operands, { ...plain, activation: 'linear', ...attributes });
    return program.run();
  };
  await t.notThrowsAsync(run('winogradConvolution', {}));
  for (const wrong of [
    { flip: 1 },
    { strides: [1, 2] },
    { dilation: [2, 1] },
    { kernelSize: [3, 2] },
    { kernelSize: [4, 4] },
  ]) {
    await t.throwsAsync(run('winogradConvolution', wrong), {
      message: /expected a kernel of 3x3 or 5x5 taps, not flipped/,
    });
  }
  await t.throwsAsync(run('convolution', { flip: 2 }), { message: /for flip, received 2/ });
});

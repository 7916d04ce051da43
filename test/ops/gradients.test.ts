import test from 'ava';
import { type FlatArray, type OpArray, ops } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { at, randomValues } from '../helpers/values.js';

const STEP = 2 ** -17;

function random(seed: number, shape: number[]): OpArray {
  return { data: randomValues(new Philox(seed), sizeOf(shape)), shape };
}

interface Case {
  readonly kind: string;
  readonly x: OpArray | readonly OpArray[];
  readonly parameters?: Record<string, OpArray>;
  readonly options?: Record<string, unknown>;
}

const image = random(1, [3, 2, 6, 5]);
const CASES: readonly Case[] = [
  { kind: 'conv2d', x: image, parameters: { kernel: random(2, [3, 2, 3, 2]), bias: random(3, [3]) } },
  {
    kind: 'conv2d',
    x: random(4, [17, 2, 5, 5]),
    parameters: { kernel: random(5, [4, 1, 3, 3]) },
    options: { strides: 2, padding: 'same', groups: 2, activation: 'tanh' },
  },
  { kind: 'conv2d', x: random(6, [2, 5, 5]), parameters: { kernel: random(7, [1, 2, 5, 5]), bias: random(8, [1]) } },
  { kind: 'dense', x: random(9, [5, 7]), parameters: { kernel: random(10, [4, 7]), bias: random(11, [4]) } },
  { kind: 'dense', x: random(12, [6]), parameters: { kernel: random(13, [3, 6]) }, options: { activation: 'softmax' } },
  { kind: 'batchNormalization', x: image, parameters: { gamma: random(14, [2]), beta: random(15, [2]) } },
  { kind: 'maxPooling2d', x: image },
  { kind: 'averagePooling2d', x: image, options: { poolSize: 3, strides: 2, padding: 1 } },
  { kind: 'globalAveragePooling2d', x: image },
  { kind: 'flatten', x: image },
  { kind: 'add', x: [image, random(16, [3, 2, 6, 5])] },
  { kind: 'activation', x: image, options: { activation: 'linear' } },
  { kind: 'softmax', x: random(17, [4, 6]) },
  { kind: 'sigmoid', x: image },
  { kind: 'tanh', x: random(18, [33, 3]) },
];

type AnyOp = (x: unknown, given: object) => Promise<OpArray>;
type AnyGradients = (kind: string, dy: unknown, x: unknown, given: object) => Promise<Record<string, unknown>>;

/** Slopes of sum(dy * op) in every element of `array`, by forward runs in double precision. */
async function slopes(array: FlatArray, dy: FlatArray, run: (changed: FlatArray) => Promise<OpArray>) {
  const lossAt = async (element: number, change: number) => {
    const data = Float64Array.from(array.data);
    data[element] = at(data, element) + change;
    const y = await run({ data, shape: array.shape });
    return Array.from(y.data).reduce((sum, value, i) => sum + value * at(dy.data, i), 0);
  };
  const result: number[] = [];
  for (let i = 0; i < array.data.length; i++)
    result.push(((await lossAt(i, STEP)) - (await lossAt(i, -STEP))) / (2 * STEP));
  return result;
}

for (const [i, { kind, x, parameters = {}, options = {} }] of CASES.entries()) {
  testEachKernel(`gradients of ${kind} (${i}) match central differences`, async (t, { isa, element }, rounding) => {
    const op = ops[kind as 'conv2d'] as unknown as AnyOp;
    const exact = { ...options, ...(kind === 'batchNormalization' && { training: true }), dtype: 'float64' };
    const y = await op(x, { ...parameters, ...exact });
    const dy = random(100 + i, y.shape);
    const how = { ...(isa && { isa }), ...(element && { dtype: element }) };
    const found = await (ops.gradients as AnyGradients)(kind, dy, x, { ...parameters, ...options, ...how });
    t.deepEqual(Object.keys(found), ['output', 'x', ...Object.keys(parameters)]);
    const tolerance = Math.max(1e-7, 2000 * rounding);
    isClose(t, 'output', (found.output as OpArray).data, y.data, tolerance);
    const check = async (name: string, array: OpArray, own: unknown, run: (changed: FlatArray) => Promise<OpArray>) => {
      const { data, shape } = own as OpArray;
      t.deepEqual(shape, array.shape, name);
      isClose(t, name, data, await slopes(array, dy, run), tolerance);
    };
    for (const [name, array] of Object.entries(parameters)) {
      await check(name, array, found[name], (changed) => op(x, { ...parameters, [name]: changed, ...exact }));
    }
    const several = Array.isArray(x) ? (x as readonly OpArray[]) : [x as OpArray];
    for (const [j, array] of several.entries()) {
      const own = Array.isArray(x) ? (found.x as unknown[])[j] : found.x;
      await check('x', array, own, (changed) =>
        op(Array.isArray(x) ? several.map((other, k) => (k === j ? changed : other)) : changed, {
          ...parameters,
          ...exact,
        }),
      );
    }
  });
}

test('gradients are of the kind of what they are of', async (t) => {
  const kernel = { data: [1, 2, 3, 4], shape: [1, 1, 2, 2] };
  const found = await ops.gradients(
    'conv2d',
    [[[1, -1]]],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    { kernel, bias: [0] },
  );
  t.deepEqual(found, {
    output: [[[37, 47]]],
    x: [
      [
        [1, 1, -2],
        [3, 1, -4],
      ],
    ],
    kernel: { data: Float32Array.of(-1, -1, -1, -1), shape: [1, 1, 2, 2] },
    bias: [0],
  });
  t.deepEqual(await ops.gradients('relu', [5, 6], [-1, 1]), { output: [0, 1], x: [0, 6] });
  const sum = await ops.gradients('add', [1, 2], [[3, 4], { data: [5, 6], shape: [2] }]);
  t.deepEqual(sum, { output: [8, 10], x: [[1, 2], { data: Float32Array.of(1, 2), shape: [2] }] });
});

test('the gradient of a convolution by its input is a full convolution with the rotated kernel', async (t) => {
  const [kernel, x, dy] = [random(1, [3, 2, 3, 3]), random(2, [2, 6, 7]), random(3, [3, 4, 5])];
  const { x: dx } = await ops.gradients('conv2d', dy, x, { kernel, dtype: 'float64' });
  // [K, C, R, S] with its first two axes swapped.
  const rotated = ops.rot180(kernel);
  const swapped = Float64Array.from({ length: 54 }, (_, i) => {
    const [c, k, tap] = [Math.floor(i / 27), Math.floor(i / 9) % 3, i % 9];
    return at(rotated.data, (k * 2 + c) * 9 + tap);
  });
  const full = await ops.conv2d(dy, { kernel: { data: swapped, shape: [2, 3, 3, 3] }, padding: 2, dtype: 'float64' });
  t.deepEqual(full.shape, x.shape);
  isClose(t, 'dx', dx.data, full.data, 1e-12);
});

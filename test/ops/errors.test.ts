import test from 'ava';
import { ops } from 'cnnative';

const x = [
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
];
const kernel = [
  [
    [
      [1, 0],
      [0, 1],
    ],
  ],
];
const shape = { code: 'ERR_SHAPE' };
const argument = { code: 'ERR_INVALID_ARGUMENT' };

test('arrays that are none are refused', async (t) => {
  const refused = async (bad: unknown, expected: object) => {
    await t.throwsAsync(ops.relu(bad as number[]), expected);
    await t.throwsAsync(ops.dense([1], { kernel: bad as number[][] }), expected);
    await t.throwsAsync(ops.gradients('relu', bad as number[], [1]), expected);
  };
  for (const bad of [undefined, null, 1, 'x', Float32Array.of(1), new Map()]) {
    await refused(bad, {
      ...argument,
      message: /expected nested arrays of numbers or \{ data, shape \} for (x|kernel|dy)/,
    });
  }
  await refused([['1']], argument);
  await refused([[1], [[2]]], argument);
  await refused([[1, 2], [3]], { ...shape, message: /one length at each level/ });
  await refused([[1, 2], 3], shape);
  await refused([], shape);
  const endless: unknown[] = [];
  endless.push(endless);
  await refused(endless, { ...shape, message: /at most 32 axes/ });
  await refused([[], []], shape);
  await refused({ data: 'x', shape: [1] }, argument);
  await refused({ data: [1, '2'], shape: [2] }, argument);
  await refused({ data: BigInt64Array.of(1n), shape: [1] }, argument);
  await refused({ data: [1, 2], shape: [3] }, { ...shape, message: /for the 2 values.*\[3\]/ });
  await refused({ data: [1, 2], shape: [-1, -2] }, shape);
  await refused({ data: [1, 2] }, shape);
  await refused({ data: [], shape: [] }, shape);
});

test('parameters are checked by name and shape', async (t) => {
  // @ts-expect-error: no kernel
  await t.throwsAsync(ops.conv2d(x, {}), { ...argument, message: /^ops\.conv2d: .* for kernel, received undefined/ });
  // @ts-expect-error: no such parameter
  await t.throwsAsync(ops.conv2d(x, { kernel, biases: [1] }), { ...argument, message: /"biases"/ });
  await t.throwsAsync(ops.conv2d(x, { kernel: [[1]] }), {
    ...shape,
    message: /\[filters, C \/ groups, R, S\] for kernel.*\[1, 1\]/,
  });
  await t.throwsAsync(ops.conv2d(x, { kernel, bias: [1, 2] }), { ...shape, message: /\[1\] for bias, received \[2\]/ });
  const wide = [[...(kernel[0] as number[][][]), ...(kernel[0] as number[][][])]];
  await t.throwsAsync(ops.conv2d(x, { kernel: wide }), {
    ...shape,
    message: /\[1, 1, 2, 2\] for kernel, received \[1, 2, 2, 2\]/,
  });
  await t.throwsAsync(ops.dense([1, 2], { kernel: [[1]] }), {
    ...shape,
    message: /\[1, 2\] for kernel, received \[1, 1\]/,
  });
  await t.throwsAsync(ops.batchNormalization([[1], [2]], { gamma: [1, 1], beta: [0] }), { ...shape, message: /gamma/ });
});

test('options are those of the layer, without those that follow', async (t) => {
  // @ts-expect-error: follows from the kernel
  await t.throwsAsync(ops.conv2d(x, { kernel, filters: 1 }), { ...argument, message: /no option filters: it follows/ });
  // @ts-expect-error: follows from the bias
  await t.throwsAsync(ops.dense([1], { kernel: [[1]], useBias: true }), { ...argument, message: /useBias/ });
  // @ts-expect-error: ops train nothing
  await t.throwsAsync(ops.conv2d(x, { kernel, trainable: false }), {
    ...argument,
    message: /no option trainable: ops/,
  });
  // @ts-expect-error: ops have no names
  await t.throwsAsync(ops.flatten(x, { name: 'flat' }), { ...argument, message: /no option name/ });
  // @ts-expect-error: a misspelt option
  await t.throwsAsync(ops.conv2d(x, { kernel, stride: 2 }), {
    ...argument,
    message: /^ops\.conv2d: .*"stride"/,
  });
  // @ts-expect-error: no such padding
  await t.throwsAsync(ops.conv2d(x, { kernel, padding: 'reflect' }), { ...argument, message: /padding/ });
  // @ts-expect-error: no such type
  await t.throwsAsync(ops.relu([1], { dtype: 'int8' }), { ...argument, message: /dtype/ });
  // @ts-expect-error: no such instruction set
  await t.throwsAsync(ops.relu([1], { isa: 'mmx' }), { ...argument, message: /isa/ });
  // @ts-expect-error: a number
  await t.throwsAsync(ops.relu([1], { threads: '2' }), { ...argument, message: /threads/ });
  // @ts-expect-error: true or false
  await t.throwsAsync(ops.relu([1], { training: 1 }), { ...argument, message: /training/ });
  // @ts-expect-error: no object
  await t.throwsAsync(ops.relu([1], 5), { ...argument, message: /expected an object/ });
  // @ts-expect-error: no object
  await t.throwsAsync(ops.dense([1], null), { ...argument, message: /expected an object/ });
});

test('an optional parameter may be undefined', async (t) => {
  const given = { kernel, bias: undefined } as unknown as { kernel: number[][][][] };
  t.deepEqual(await ops.conv2d(x, given), await ops.conv2d(x, { kernel }));
  t.deepEqual(
    await ops.gradients('conv2d', [[[1, 1]]], x, given),
    await ops.gradients('conv2d', [[[1, 1]]], x, { kernel }),
  );
});

test('inputs that a layer cannot take are refused', async (t) => {
  await t.throwsAsync(ops.conv2d([1, 2], { kernel }), {
    ...shape,
    message: /^ops\.conv2d: .*\[channels, height, width\]/,
  });
  await t.throwsAsync(ops.conv2d([[[1]]], { kernel }), { ...shape, message: /kernelSize/ });
  await t.throwsAsync(ops.softmax(x), { ...shape, message: /\[classes\]/ });
  await t.throwsAsync(ops.relu([[[[[1]]]]]), { ...shape, message: /\[N, C, H, W\]/ });
  await t.throwsAsync(ops.add([[1, 2], [1]]), { ...shape, message: /one shape/ });
  await t.throwsAsync(ops.add([[[1], [2]], [[1]]]), { ...shape, message: /as many samples/ });
  await t.throwsAsync(ops.add([[1]]), { ...argument, message: /at least two/ });
  await t.throwsAsync(ops.add([]), argument);
  await t.throwsAsync(ops.add({ data: [1], shape: [1] }), { ...argument, message: /\[a, b\]/ });
  const given = { gamma: [1], beta: [0], training: true };
  await t.throwsAsync(ops.batchNormalization([5], given), { ...shape, message: /at least 2 samples/ });
});

test('gradients ask for an op and a gradient of its output', async (t) => {
  // @ts-expect-error: no such op
  await t.throwsAsync(ops.gradients('convolve', [1], [1]), { ...argument, message: /'conv2d'.*"convolve"/ });
  await t.throwsAsync(ops.gradients('relu', [1], [1, 2]), { ...shape, message: /\[2\], for dy, received \[1\]/ });
  await t.throwsAsync(ops.gradients('conv2d', x, x, { kernel }), { ...shape, message: /\[1, 1, 2\], for dy/ });
  // @ts-expect-error: no kernel
  await t.throwsAsync(ops.gradients('conv2d', x, x), { ...argument, message: /for kernel/ });
  // @ts-expect-error: gradients are always those of training
  await t.throwsAsync(ops.gradients('relu', [1], [1], { training: false }), { ...argument, message: /training/ });
});

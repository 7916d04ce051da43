// What TypeScript makes of ops. Nothing here runs: the build of the tests fails where a type is another.
import { checkGradients, type GradientCheck, type Model, type NestedArray, type OpArray, ops } from 'cnnative';

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<_ extends true>(): void {}

export async function accepted(model: Model, flat: OpArray): Promise<void> {
  const kernel = [[[[1]]]];
  const y = await ops.conv2d([[[1, 2]]], { kernel, strides: 2, padding: 'same', activation: 'relu' });
  same<Same<typeof y, number[][][]>>();
  const z = await ops.conv2d(flat, {
    kernel,
    bias: flat,
    dtype: 'float64',
    threads: 2,
    isa: 'scalar',
    training: false,
  });
  same<Same<typeof z, OpArray>>();
  const pooled = await ops.maxPooling2d([[[[1, 2]]]], { poolSize: [1, 2] });
  same<Same<typeof pooled, number[][][][]>>();
  const row = await ops.flatten([[[1]]]);
  same<Same<typeof row, NestedArray>>();
  const sum = await ops.add([[1], [2]]);
  same<Same<typeof sum, number[]>>();
  same<Same<Awaited<ReturnType<typeof ops.relu<number[][]>>>, number[][]>>();

  const gradients = await ops.gradients('conv2d', flat, [[[1]]], { kernel, bias: flat, strides: 2 });
  same<Same<typeof gradients, { output: number[][][]; x: number[][][]; kernel: number[][][][]; bias: OpArray }>>();
  const statistics = { gamma: [1], runningMean: [0], runningVariance: [1] };
  const normalized = await ops.gradients('batchNormalization', [[1], [1]], [[1], [2]], statistics);
  same<Same<typeof normalized, { output: number[][]; x: number[][]; gamma: number[] }>>();
  const { x, output } = await ops.gradients('tanh', [1], flat);
  same<Same<typeof x, OpArray>>();
  same<Same<typeof output, OpArray>>();

  same<Same<ReturnType<typeof ops.im2col<number[][]>>, number[][]>>();
  const columns = ops.im2col(flat, { kernelSize: 3 });
  same<Same<typeof columns, OpArray>>();
  const labels = ops.oneHot([1], 2);
  same<Same<typeof labels, number[][]>>();

  const result = await checkGradients(model, undefined, { samples: 2, signal: AbortSignal.timeout(1) });
  same<Same<typeof result, GradientCheck>>();
  const index: readonly number[] | undefined = result.tensors[0]?.float64?.index;
  same<Same<typeof index, readonly number[] | undefined>>();
}

export async function refused(model: Model): Promise<void> {
  const { x } = await ops.gradients('relu', [1], [1]);
  // @ts-expect-error: one axis
  x[0][0] = 1;
  const found = await ops.gradients('dense', [1], [1], { kernel: [[1]] });
  // @ts-expect-error: no gradient of what was not given
  found.bias;
  // @ts-expect-error: an op without parameters
  await ops.maxPooling2d([[[1]]], { kernel: [[1]] });
  // @ts-expect-error: a layer's option of another layer
  await ops.dense([1], { kernel: [[1]], strides: 1 });
  // @ts-expect-error: no op
  await ops.dance([1]);
  // @ts-expect-error: texts
  await ops.relu(['1']);
  // @ts-expect-error: planned memory is not looked at
  await checkGradients(model, undefined, { memoryLimit: 5 });
}

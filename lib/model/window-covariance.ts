import { Conv2D } from '../layers/conv2d.js';
import type { LossRule } from '../losses/loss.js';
import { native } from '../native.js';
import { compile, STEP_METRICS } from '../program/compile.js';
import type { Parameter } from '../program/operation.js';
import { ProgramRun } from '../program/program-run.js';
import { Trace } from '../program/trace.js';
import { sizeOf } from '../util/shape.js';
import type { EpochChunk } from './epoch-chunks.js';
import { transformOf } from './input.js';
import type { RunSettings } from './run-options.js';
import type { Runtime } from './runtime.js';

/** Samples of a run. Their sums are single precision, sums of those double. */
export const SAMPLES_A_RUN = 256;

/** Half the sum of all squares: its gradient is the output itself. */
const SQUARES: LossRule = {
  reads: 'nothing',
  reduction: 'sum',
  inputOf: (output) => output,
  emit(emit, output) {
    const y = emit.valueOf(output);
    const loss = emit.sample(1);
    const features = sizeOf(output.shape);
    emit.emitGradient(output, (dx) => emit.compute('linearLoss', { loss, dy: y, y, dx }, { features }));
    emit.complete('sumSamples', { x: loss }, { metric: STEP_METRICS.indexOf('loss') });
    return loss;
  },
};

/**
 * The covariance `[C * R * S, C * R * S]` of the windows that the kernel of a convolution over an input meets: all those inside the
 * image, whatever the strides. A convolution puts each window out, value by value; where the gradient of what it puts out is what it
 * puts out, that of its kernel is the sum of products of window values, and that of its bias the sum of the values.
 */
export async function windowCovariance(
  runtime: Runtime,
  { kernelSize, dilation, flip }: Conv2D,
  input: number,
  chunks: AsyncIterable<EpochChunk>,
  { isa, threads, signal }: RunSettings,
): Promise<Float64Array> {
  const { inputs, graph } = runtime;
  const [channels = 0] = inputs[input]?.shape ?? [];
  const n = channels * sizeOf(kernelSize);
  const windows = new Conv2D({ filters: n, kernelSize, dilation, flip });
  const parameters: Parameter[] = [
    { name: 'windows/kernel', shape: [n, channels, ...kernelSize], slot: 0, trainable: true },
    { name: 'windows/bias', shape: [n], slot: 1, trainable: true },
  ];
  const trace = new Trace(graph.inputs);
  const read = trace.inputs[input];
  const output = read && windows.compute(trace, (name) => parameters[name === 'kernel' ? 0 : 1] as Parameter, read);
  if (!output) throw new Error(`cnnative: a model without an input ${input}`);
  const network = { inputs: trace.inputs, output, operations: trace.operations, parameters };
  const program = compile(network, {
    ...({ mode: 'gradients', batchSize: SAMPLES_A_RUN, element: 'float32', isa, loss: SQUARES } as const),
    transforms: inputs.map(transformOf),
    inputGradients: false,
  });

  const stores = [0, 1].map(() => new native.Variables('float32', [n * n, n]));
  const identity = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  await stores[0]?.write([identity, new Float32Array(n)]);
  const products = new Float64Array(n * n);
  const sums = new Float64Array(n);
  let samples = 0;
  for await (const { dataset, order, keys } of chunks) {
    for (let first = 0; first < order.length; first += SAMPLES_A_RUN) {
      const of = (indices: Int32Array) => indices.subarray(first, first + SAMPLES_A_RUN);
      const batch = { dataset, order: of(order), keys: of(keys), batchSize: of(order).length };
      await new ProgramRun(program, { ...batch, stores, scalars: new Float64Array(0), threads }, signal).finished();
      const [kernel, bias] = (await stores[1]?.read()) ?? [];
      kernel?.forEach((sum, i) => {
        products[i] = (products[i] as number) + sum;
      });
      bias?.forEach((sum, i) => {
        sums[i] = (sums[i] as number) + sum;
      });
      samples += of(order).length;
    }
  }
  const count = samples * sizeOf(output.shape.slice(1));
  const mean = (i: number) => (sums[i] as number) / count;
  // Rounding differs between [i, j] and [j, i].
  return products.map((sum, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (sum + (products[j * n + i] as number)) / (2 * count) - mean(i) * mean(j);
  });
}

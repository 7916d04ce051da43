import { TrainingError } from '../errors/index.js';
import { Conv2D } from '../layers/conv2d.js';
import type { LossRule } from '../losses/loss.js';
import { type FloatArray, native } from '../native.js';
import { compile } from '../program/compile.js';
import { LANES } from '../program/description.js';
import type { Parameter, Value } from '../program/operation.js';
import { ProgramRun } from '../program/program-run.js';
import { STEP_METRICS } from '../program/step-metrics.js';
import { Trace } from '../program/trace.js';
import { formatBytes } from '../util/bytes.js';
import { sizeOf } from '../util/shape.js';
import type { EpochChunk } from './epoch-chunks.js';
import { transformOf } from './input.js';
import type { RunSettings } from './run-options.js';
import type { Runtime } from './runtime.js';

/** Most samples of a run. Their sums are single precision, sums of those double, so that bits depend on where runs begin. */
const MOST_SAMPLES = 256;
/** Bytes of the windows of a run, if these are those of more than a lane group. */
const MOST_BYTES = 2 ** 25;

/** Half the sum of all squares: its gradient is the output itself. */
const SQUARES: LossRule = {
  reads: 'nothing',
  reduction: 'sum',
  inputOf: (output) => output,
  emit(emit, output) {
    const y = emit.bufferOf(output);
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
 *
 * @param input index of the input
 * @param chunksOf gives the samples in chunks of whole runs of so many, so that their sums are the same wherever samples come from
 * @throws TrainingError when this takes more than the memory limit
 */
export async function windowCovariance(
  who: string,
  runtime: Runtime,
  layer: Conv2D,
  input: number,
  chunksOf: (batchSize: number) => AsyncIterable<EpochChunk>,
  settings: RunSettings,
): Promise<Float64Array> {
  const { program, batchSize, size: n, windows } = windowProgram(runtime, layer, input, settings);
  const { threads, signal } = settings;
  checkMemory(who, program.native.arenaBytes(threads), settings);
  const stores = [0, 1].map(() => new native.Variables('float32', [n * n, n]));
  const identity = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  await stores[0]?.write([identity, new Float32Array(n)]);
  const products = new Float64Array(n * n);
  const sums = new Float64Array(n);
  let samples = 0;
  for await (const { dataset, order, keys } of chunksOf(batchSize)) {
    for (let first = 0; first < order.length; first += batchSize) {
      const of = (indices: Int32Array) => indices.subarray(first, first + batchSize);
      const batch = { dataset, order: of(order), keys: of(keys), batchSize: of(order).length };
      await new ProgramRun(program, { ...batch, stores, scalars: new Float64Array(0), threads }, signal).finished();
      const [kernel, bias] = (await stores[1]?.read()) ?? [];
      addTo(products, kernel as FloatArray);
      addTo(sums, bias as FloatArray);
      samples += of(order).length;
    }
  }
  const count = samples * windows;
  const mean = (i: number) => (sums[i] as number) / count;
  // Rounding differs between [i, j] and [j, i].
  return products.map((sum, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (sum + (products[j * n + i] as number)) / (2 * count) - mean(i) * mean(j);
  });
}

/** The program whose gradients are sums over windows, the values of a window and the windows of an image. */
function windowProgram({ inputs, graph }: Runtime, layer: Conv2D, input: number, { isa }: RunSettings) {
  const { kernelSize, dilation, flip } = layer;
  const [channels = 0] = inputs[input]?.shape ?? [];
  const size = channels * sizeOf(kernelSize);
  const kernel: Parameter = {
    ...{ name: 'windows/kernel', slot: 0, trainable: true },
    shape: [size, channels, ...kernelSize],
  };
  const bias: Parameter = { name: 'windows/bias', slot: 1, trainable: true, shape: [size] };
  const trace = new Trace(graph.inputs);
  const lookup = (name: string) => (name === 'kernel' ? kernel : bias);
  const windows = new Conv2D({ filters: size, kernelSize, dilation, flip });
  const output = windows.compute(trace, lookup, trace.inputs[input] as Value);
  const fitting = Math.floor(MOST_BYTES / (4 * LANES * sizeOf(output.shape))) * LANES;
  const batchSize = Math.min(Math.max(fitting, LANES), MOST_SAMPLES);
  const network = { inputs: trace.inputs, output, operations: trace.operations, parameters: [kernel, bias] };
  const program = compile(network, {
    ...({ mode: 'gradients', batchSize, element: 'float32', isa, loss: SQUARES } as const),
    transforms: inputs.map(transformOf),
    inputGradients: false,
  });
  return { program, batchSize, size, windows: sizeOf(output.shape.slice(1)) };
}

function checkMemory(who: string, bytes: number, { memoryLimit }: RunSettings): void {
  if (memoryLimit === undefined || bytes <= memoryLimit) return;
  throw new TrainingError(
    `${who}: expected at most ${formatBytes(memoryLimit)} for memoryLimit, received ${formatBytes(bytes)} to look at the windows of ` +
      'images. Use fewer threads or a higher memoryLimit.',
  );
}

function addTo(sums: Float64Array, values: FloatArray): void {
  values.forEach((value, i) => {
    sums[i] = (sums[i] as number) + value;
  });
}

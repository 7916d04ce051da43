import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { lossFromName } from '../losses/index.js';
import { graphOf } from '../model/graph.js';
import { checkInput } from '../model/input.js';
import { Runtime } from '../model/runtime.js';
import { type IsaName, native } from '../native.js';
import { optimizers } from '../optimizers/index.js';
import { ProgramRun } from '../program/program-run.js';
import { Philox } from '../util/philox.js';
import { sizeOf } from '../util/shape.js';
import type { Phase } from './names.js';
import type { Workload } from './workloads/index.js';

export interface MeasureOptions {
  readonly phase: Phase;
  readonly batchSize: number;
  /** Time to measure for, after the warm-up. At least one step is measured. */
  readonly seconds: number;
  readonly threads: number;
  readonly isa: IsaName;
  readonly signal?: AbortSignal | undefined;
}

export interface Measurement {
  readonly imagesPerSecond: number;
  /** By the rule of 6 FLOP for each forward multiply-add in training (forward, both gradients), 2 in inference. */
  readonly gflops: number;
  /** Of the machine's multiply-add peak with the same threads and instruction set, measured in the same process. */
  readonly percentOfPeak: number;
  /** Steps the median is taken over. */
  readonly steps: number;
}

const FLOPS_PER_MAC: Readonly<Record<Phase, number>> = { train: 6, infer: 2 };
const WARM_UP_STEPS = 3;
const LEARNING_RATE = 0.01;
const MOMENTUM = 0.9;
/** Keys of the random streams: the weights' and the batch's. */
const WEIGHTS_SEED = 0;
const BATCH_SEED = 1;
/** One native call runs about so long: long enough to hide the call, short enough to end on time. */
const SECONDS_PER_RUN = 0.5;
/** What a run keeps for each image, its place in the order and its outputs, must not count as the network's memory. */
const MOST_BYTES_PER_RUN = 4 * 2 ** 20;

/** The speed of a network on one fixed random batch: the median over all steps within the time given. */
export async function measure(workload: Workload, options: MeasureOptions): Promise<Measurement> {
  const { phase, batchSize, threads, isa } = options;
  const runSteps = prepare(workload, options);
  const peakBefore = await native.measurePeak(isa, threads);
  const times = await timeSteps(runSteps, options.seconds, mostSteps(workload, batchSize));
  const peak = Math.max(peakBefore, await native.measurePeak(isa, threads));
  const imagesPerSecond = batchSize / median(times);
  const gflops = (imagesPerSecond * workload.forwardMacs * FLOPS_PER_MAC[phase]) / 1e9;
  return { imagesPerSecond, gflops, percentOfPeak: (gflops / peak) * 100, steps: times.length };
}

/** Runs so many steps in one native call and tells what each took, in seconds. */
type RunSteps = (steps: number) => Promise<Float32Array>;

function prepare(workload: Workload, options: MeasureOptions): RunSteps {
  const { phase, batchSize, isa, threads, signal } = options;
  const { inputShape: shape } = workload;
  const input = new SymbolicTensor(shape, null, []);
  const graph = graphOf('bench', [input], workload.build(input));
  const runtime = new Runtime(graph, [checkInput('bench', { shape })], WEIGHTS_SEED);
  runtime.initialize();
  runtime.compile({
    optimizer: optimizers.sgd({ learningRate: LEARNING_RATE, momentum: MOMENTUM }),
    loss: lossFromName('bench', 'sparseCategoricalCrossentropy'),
    metrics: [],
  });
  const mode = phase === 'train' ? 'train' : 'predict';
  const program = runtime.program(mode, batchSize, isa);
  const stores = runtime.stores(mode);
  const dataset = randomBatch(workload, batchSize);
  let order = new Int32Array(0);
  return async (steps) => {
    if (order.length < steps * batchSize) order = repeated(batchSize, steps);
    const scalars = new Float64Array(mode === 'train' ? steps : 0).fill(LEARNING_RATE);
    const inputs = { stores, dataset, order: order.subarray(0, steps * batchSize), batchSize, scalars, threads };
    return (await new ProgramRun(program, inputs, signal).finished()).stepSeconds();
  };
}

/** The batch's samples in the same order for every step. */
function repeated(batchSize: number, steps: number): Int32Array<ArrayBuffer> {
  const order = new Int32Array(steps * batchSize);
  for (let i = 0; i < order.length; i++) order[i] = i % batchSize;
  return order;
}

/** Normally distributed pixels and evenly distributed labels. */
function randomBatch({ inputShape, classes }: Workload, batchSize: number) {
  const random = new Philox(BATCH_SEED);
  const features = sizeOf(inputShape);
  const images = Float32Array.from({ length: batchSize * features }, () => random.nextNormal());
  const labels = Int32Array.from({ length: batchSize }, () => random.nextInt(classes));
  return new native.Dataset([{ samples: images, features }], labels);
}

function mostSteps({ classes }: Workload, batchSize: number): number {
  return Math.max(1, Math.floor(MOST_BYTES_PER_RUN / (batchSize * (classes + 1) * 4)));
}

async function timeSteps(runSteps: RunSteps, seconds: number, most: number): Promise<number[]> {
  let stepSeconds = median(await runSteps(WARM_UP_STEPS));
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let left = seconds; left > 0 || times.length === 0; left = (end - performance.now()) / 1000) {
    const wanted = Math.ceil(Math.min(left, SECONDS_PER_RUN) / stepSeconds);
    const run = await runSteps(Math.min(Math.max(wanted, 1), most));
    for (const time of run) times.push(time);
    stepSeconds = median(run);
  }
  return times;
}

function median(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length / 2)] as number;
}

import { FixedBatch } from '../model/fixed-batch.js';
import { modeOf } from '../model/phases.js';
import { checkMemoryLimit, planRun } from '../model/run-memory.js';
import { type IsaName, native } from '../native.js';
import { median } from '../util/median.js';
import type { Phase } from './names.js';
import { LEARNING_RATE, workloadRuntime } from './workload-runtime.js';
import type { Workload } from './workloads/index.js';

export interface MeasureOptions {
  readonly phase: Phase;
  readonly batchSize: number;
  /** Time to measure for, after the warm-up. At least one step is measured. */
  readonly seconds: number;
  readonly threads: number;
  readonly isa: IsaName;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that the plan may take. */
  readonly memoryLimit?: number | undefined;
}

export interface Measurement {
  readonly imagesPerSecond: number;
  /** By the rule of 6 FLOP for each forward multiply-add in training (forward, both gradients), 2 in inference. */
  readonly gflops: number;
  /** Of the machine's multiply-add peak with the same threads and instruction set, measured in the same process. */
  readonly percentOfPeak: number;
  /** Steps the median is taken over. */
  readonly steps: number;
  /** Time in those steps. */
  readonly seconds: number;
  /** Of the network at work, without data and Node. */
  readonly plannedBytes: number;
}

const FLOPS_PER_MAC: Readonly<Record<Phase, number>> = { train: 6, infer: 2 };
const WARM_UP_STEPS = 3;
/** One native call runs about so long: long enough to hide the call, short enough to end on time. */
const SECONDS_PER_RUN = 0.5;

/** The speed of a network on one fixed random batch: the median over all steps within the time given. */
export async function measure(workload: Workload, options: MeasureOptions): Promise<Measurement> {
  const { phase, batchSize, threads, isa } = options;
  const mode = modeOf(phase);
  const runtime = workloadRuntime('bench', workload);
  const program = runtime.program(mode, batchSize, isa);
  const { memoryLimit } = options;
  checkMemoryLimit('bench', runtime, program, { mode, batchSize, threads, isa, memoryLimit });
  const { totalBytes: plannedBytes } = planRun(runtime, mode, program, threads);
  const stores = runtime.stores(mode);
  const batch = new FixedBatch(runtime, { ...options, mode, stores, learningRate: LEARNING_RATE });
  const peakBefore = await native.measurePeak(isa, threads);
  const times = await timeSteps(batch, options.seconds);
  const peak = Math.max(peakBefore, await native.measurePeak(isa, threads));
  const imagesPerSecond = batchSize / median(times);
  const gflops = (imagesPerSecond * workload.forwardMacs * FLOPS_PER_MAC[phase]) / 1e9;
  return {
    imagesPerSecond,
    gflops,
    percentOfPeak: (gflops / peak) * 100,
    steps: times.length,
    seconds: times.reduce((sum, time) => sum + time, 0),
    plannedBytes,
  };
}

/** Seconds of each step for about so long, after a warm-up. */
export async function timeSteps(batch: FixedBatch, seconds: number): Promise<number[]> {
  const runSteps = async (steps: number) => (await batch.run(steps)).stepSeconds();
  let stepSeconds = median(await runSteps(WARM_UP_STEPS));
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let left = seconds; left > 0 || times.length === 0; left = (end - performance.now()) / 1000) {
    const wanted = Math.ceil(Math.min(left, SECONDS_PER_RUN) / stepSeconds);
    const run = await runSteps(Math.min(Math.max(wanted, 1), batch.mostSteps));
    for (const time of run) times.push(time);
    stepSeconds = median(run);
  }
  return times;
}

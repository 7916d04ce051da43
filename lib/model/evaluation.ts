import { checkDataset } from '../data/check-dataset.js';
import type { AnyDataset } from '../data/dataset.js';
import { nativeCopy } from '../data/native-copy.js';
import {
  checkMetrics,
  type Evaluation,
  type Metric,
  MetricMeans,
  type MetricName,
  type Outcome,
} from '../metrics/index.js';
import type { NativeRun } from '../native.js';
import { ProgramRun } from '../program/program-run.js';
import { checkBoolean, checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { inOrder } from '../util/permutation.js';
import { sizeOf } from '../util/shape.js';
import { flipped } from './flipped.js';
import type { FlipAveragingOptions } from './prediction.js';
import { checkMemoryLimit } from './run-memory.js';
import { RUN_OPTIONS, type RunOptions, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';

export interface LossesOptions extends RunOptions {
  /**
   * Samples a step. Changes the result's last bits at most.
   * @default 256
   */
  batchSize?: number;
}

export interface EvaluateOptions extends LossesOptions, FlipAveragingOptions {
  /**
   * What to report beside the loss, by name or, with options, such as `metrics.topK({ k: 3 })`.
   * @default those the model was compiled with
   */
  metrics?: readonly (MetricName | Metric)[];
}

/** Samples a step of an evaluation takes unless told otherwise. */
export const EVALUATION_BATCH = 256;

/** Loss and metrics over a set, weighing every sample alike unless the set has weights for the loss. */
export async function evaluate(own: Runtime, data: AnyDataset, options: EvaluateOptions): Promise<Evaluation> {
  const who = 'model.evaluate';
  checkOptions(who, options, ['batchSize', 'flip', 'metrics', ...RUN_OPTIONS]);
  const { flip = false, metrics: wanted, ...rest } = options;
  own.compiled(who);
  const runtime = checkBoolean(who, 'flip', flip) ? flipped(who, own) : own;
  const { loss } = runtime.compiled(who);
  const metrics = wanted === undefined ? runtime.compiled(who).metrics : checkMetrics(who, wanted);
  for (const metric of metrics) metric.checkOutput?.(who, runtime.outputShape);
  const mode = evaluationMode(runtime, metrics);
  const { run, batchSize } = await runOver(who, runtime, data, rest, mode);
  const totals = new MetricMeans(metrics, loss.reduction);
  totals.add(run.metrics(0), (step) => Math.min(batchSize, data.size - step * batchSize));
  const means = totals.means();
  if (mode === 'evaluate') return means;
  const { losses, outcome } = assessed(runtime, data, run);
  return { ...means, ...computed(metrics, outcome), ...(loss.reduction === 'none' && { losses }) };
}

/** The loss of each sample, times its weight where the set has weights. */
export async function sampleLosses(runtime: Runtime, data: AnyDataset, options: LossesOptions): Promise<Float32Array> {
  const who = 'model.losses';
  checkOptions(who, options, ['batchSize', ...RUN_OPTIONS]);
  const { run } = await runOver(who, runtime, data, options, 'assess');
  return assessed(runtime, data, run).losses;
}

/** How the model is evaluated: some metrics need its outputs, and programs to evaluate sum what `compile` asked for. */
export function evaluationMode(runtime: Runtime, metrics?: readonly Metric[]): 'evaluate' | 'assess' {
  const { metrics: compiled, loss } = runtime.compiled('model.evaluate');
  const known = compiled.map(({ name }) => name);
  const isSummed = ({ name, compute }: Metric) => compute === undefined && known.includes(name);
  return loss.reduction !== 'none' && (metrics ?? compiled).every(isSummed) ? 'evaluate' : 'assess';
}

async function runOver(
  who: string,
  runtime: Runtime,
  data: AnyDataset,
  options: LossesOptions,
  mode: 'evaluate' | 'assess',
): Promise<{ run: NativeRun; batchSize: number }> {
  const { loss } = runtime.compiled(who);
  const set = checkDataset(who, data, runtime.inputs, loss, runtime.outputShape);
  const { batchSize: wanted = EVALUATION_BATCH } = options;
  const batchSize = Math.min(checkInteger(who, 'batchSize', wanted, 1), set.size);
  const settings = runSettings(who, options);
  const { threads, isa, signal } = settings;
  checkMemoryLimit(who, runtime, mode, batchSize, settings);
  const inputs = {
    stores: runtime.stores(mode),
    dataset: nativeCopy(set),
    order: inOrder(set.size),
    batchSize,
    scalars: new Float64Array(0),
    threads,
  };
  return { run: await new ProgramRun(runtime.program(mode, batchSize, isa), inputs, signal).finished(), batchSize };
}

/** What a run put out, taken apart: each sample's loss, and behind it its outputs. */
function assessed(runtime: Runtime, data: AnyDataset, run: NativeRun): { losses: Float32Array; outcome: Outcome } {
  const { size, labels, targets } = data;
  const { loss } = runtime.compiled('model.evaluate');
  const elements = sizeOf(runtime.outputShape);
  const all = run.output();
  const losses = new Float32Array(size);
  const outputs = new Float32Array(size * elements);
  for (let n = 0; n < size; n++) {
    const first = n * (elements + 1);
    losses[n] = all[first] as number;
    outputs.set(all.subarray(first + 1, first + 1 + elements), n * elements);
  }
  const truth = loss.reads === 'labels' ? { labels } : { targets };
  return { losses, outcome: { size, elements, outputs, ...truth, thresholds: runtime.thresholds } };
}

function computed(metrics: readonly Metric[], outcome: Outcome): Partial<Evaluation> {
  return Object.fromEntries(
    metrics.flatMap((metric) => (metric.compute ? [[metric.name, metric.compute(outcome)]] : [])),
  );
}

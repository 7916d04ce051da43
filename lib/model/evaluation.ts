import { checkSameClasses } from '../data/check-same-classes.js';
import type { TrainingData } from '../data/dataset.js';
import { copiedLabels } from '../data/native-copy.js';
import { BatchStream } from '../data/streamed/batch-stream.js';
import { checkFiniteData } from '../data/streamed/check-data.js';
import { StreamedDataset } from '../data/streamed/streamed-dataset.js';
import type { Loss, Thresholds } from '../losses/index.js';
import {
  checkMetrics,
  type Evaluation,
  type Metric,
  MetricMeans,
  type MetricName,
  type Outcome,
} from '../metrics/index.js';
import type { FloatArray } from '../native.js';
import { ProgramRun } from '../program/program-run.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { sizeOf } from '../util/shape.js';
import { epochChunks } from './epoch-chunks.js';
import { checkMemoryLimit } from './run-memory.js';
import { RUN_OPTIONS, type RunOptions, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';
import { countedOrder } from './sample-order.js';
import { type ViewsOptions, viewed } from './views.js';

export interface LossesOptions extends RunOptions {
  /**
   * Samples a step. Changes the result's last bits at most.
   * @default 256
   */
  batchSize?: number;
}

export interface EvaluateOptions extends LossesOptions, ViewsOptions {
  /**
   * What to report beside the loss, by name or, with options, such as `metrics.topK({ k: 3 })`.
   * @default those the model was compiled with
   */
  metrics?: readonly (MetricName | Metric)[];
}

/** Samples a step of an evaluation takes unless told otherwise. */
export const EVALUATION_BATCH = 256;

/** Loss and metrics over a set, weighing every sample alike unless the set has weights for the loss. */
export async function evaluate(own: Runtime, data: TrainingData, options: EvaluateOptions): Promise<Evaluation> {
  const who = 'model.evaluate';
  checkOptions(who, options, ['batchSize', 'views', 'metrics', ...RUN_OPTIONS]);
  const { views, metrics: wanted, ...rest } = options;
  own.compiled(who);
  const runtime = viewed(who, own, views);
  const { loss } = runtime.compiled(who);
  const metrics = wanted === undefined ? runtime.compiled(who).metrics : checkMetrics(who, wanted);
  for (const metric of metrics) metric.checkOutput?.(who, runtime.outputShape);
  const mode = evaluationMode(runtime, metrics);
  // Another compile while it runs is not to be seen in its results.
  const judged = { loss, thresholds: mode === 'assess' ? runtime.thresholds : undefined };
  const { steps, batchSize, outputs, labels } = await runOver(who, runtime, data, rest, mode);
  const totals = new MetricMeans(metrics, loss.reduction);
  let left = data.size;
  for (const records of steps) {
    const { length } = totals.add(records, (step) => Math.min(batchSize, left - step * batchSize));
    left -= length * batchSize;
  }
  const means = totals.means();
  if (mode === 'evaluate') return means;
  const { losses, outcome } = assessed(runtime, judged, data, outputs, labels);
  return { ...means, ...computed(metrics, outcome), ...(loss.reduction === 'none' && { losses }) };
}

/** The loss of each sample, times its weight where the set has weights. */
export async function sampleLosses(
  runtime: Runtime,
  data: TrainingData,
  options: LossesOptions,
): Promise<Float32Array> {
  const who = 'model.losses';
  checkOptions(who, options, ['batchSize', ...RUN_OPTIONS]);
  const { loss } = runtime.compiled(who);
  const { outputs, labels } = await runOver(who, runtime, data, options, 'assess');
  return assessed(runtime, { loss, thresholds: undefined }, data, outputs, labels).losses;
}

/** How the model is evaluated: some metrics need its outputs, and programs to evaluate sum what `compile` asked for. */
export function evaluationMode(runtime: Runtime, metrics?: readonly Metric[]): 'evaluate' | 'assess' {
  const { metrics: compiled, loss } = runtime.compiled('model.evaluate');
  const known = compiled.map(({ name }) => name);
  const isSummed = ({ name, compute }: Metric) => compute === undefined && known.includes(name);
  return loss.reduction !== 'none' && (metrics ?? compiled).every(isSummed) ? 'evaluate' : 'assess';
}

/** What runs over a set put out, one for each piece of it. */
interface Ran {
  /** Metrics of every step. */
  readonly steps: readonly Float64Array[];
  /** For every sample its loss, and behind it the model's outputs. */
  readonly outputs: readonly FloatArray[];
  readonly batchSize: number;
  /** Where outputs are assessed. */
  readonly labels: Int32Array | undefined;
}

async function runOver(
  who: string,
  runtime: Runtime,
  data: TrainingData,
  options: LossesOptions,
  mode: 'evaluate' | 'assess',
): Promise<Ran> {
  const { loss } = runtime.compiled(who);
  const set = checkFiniteData(who, data, runtime.inputs, loss, runtime.outputShape);
  if (loss.reads === 'labels') checkSameClasses(who, 'the model', runtime, set);
  const { batchSize: wanted = EVALUATION_BATCH } = options;
  const batchSize = Math.min(checkInteger(who, 'batchSize', wanted, 1), set.size);
  const settings = runSettings(who, options);
  const { threads, isa, signal } = settings;
  const program = runtime.program(mode, batchSize, isa);
  checkMemoryLimit(who, runtime, program, { ...settings, mode, batchSize });
  const inputs = { stores: runtime.stores(mode), batchSize, scalars: new Float64Array(0), threads };
  const steps: Float64Array[] = [];
  const outputs: FloatArray[] = [];
  const labels = mode === 'assess' ? labelsOf(set) : undefined;
  let heard = 0;
  const onLabels = (part: Int32Array) => {
    labels?.set(part, heard);
    heard += part.length;
  };
  let firstStep = 0;
  for await (const chunk of epochChunks(set, countedOrder(set.size), { batchSize, signal, onLabels })) {
    const run = await new ProgramRun(program, { ...inputs, ...chunk, firstStep }, signal).finished();
    // What is counted once, as the penalty of a sum, is counted in the first step of all.
    firstStep += Math.ceil(chunk.order.length / batchSize);
    steps.push(run.metrics(0));
    if (mode === 'assess') outputs.push(run.output());
  }
  return { steps, outputs, batchSize, labels };
}

/** Of a set that is read in pieces where it does not know them: to be heard. */
function labelsOf(set: TrainingData): Int32Array | undefined {
  if (set instanceof StreamedDataset) return set.labels;
  return set instanceof BatchStream ? new Int32Array(set.size) : copiedLabels(set);
}

/** What runs put out, taken apart. */
function assessed(
  runtime: Runtime,
  { loss, thresholds }: { readonly loss: Loss; readonly thresholds: Thresholds | undefined },
  data: TrainingData,
  pieces: readonly FloatArray[],
  labels: Int32Array | undefined,
): { losses: Float32Array; outcome: Outcome } {
  const { size } = data;
  const elements = sizeOf(runtime.outputShape);
  const losses = new Float32Array(size);
  const outputs = new Float32Array(size * elements);
  let n = 0;
  for (const piece of pieces) {
    for (let first = 0; first < piece.length; first += elements + 1, n++) {
      losses[n] = piece[first] as number;
      outputs.set(piece.subarray(first + 1, first + 1 + elements), n * elements);
    }
  }
  const truth = loss.reads === 'labels' ? { labels } : { targets: 'targets' in data ? data.targets : undefined };
  return { losses, outcome: { size, elements, outputs, ...truth, thresholds } };
}

function computed(metrics: readonly Metric[], outcome: Outcome): Partial<Evaluation> {
  return Object.fromEntries(
    metrics.flatMap((metric) => (metric.compute ? [[metric.name, metric.compute(outcome)]] : [])),
  );
}

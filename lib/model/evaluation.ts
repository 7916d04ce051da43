import { checkDataset } from '../data/check-dataset.js';
import type { Dataset, MultiInputDataset } from '../data/dataset.js';
import { nativeCopy } from '../data/native-copy.js';
import { type Means, MetricMeans } from '../metrics/index.js';
import { ProgramRun } from '../program/program-run.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { inOrder } from '../util/permutation.js';
import { sizeOf } from '../util/shape.js';
import { checkMemoryLimit } from './run-memory.js';
import { RUN_OPTIONS, type RunOptions, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';

export interface EvaluateOptions extends RunOptions {
  /**
   * Samples a step. Changes the result's last bits at most.
   * @default 256
   */
  batchSize?: number;
}

/** Samples a step of an evaluation takes unless told otherwise. */
export const EVALUATION_BATCH = 256;

/** Loss and metrics over a set, weighing every sample alike. */
export async function evaluate(
  runtime: Runtime,
  data: Dataset | MultiInputDataset,
  options: EvaluateOptions,
): Promise<Means> {
  const who = 'model.evaluate';
  checkOptions(who, options, ['batchSize', ...RUN_OPTIONS]);
  const { metrics } = runtime.compiled(who);
  const set = checkDataset(who, data, runtime.inputs, sizeOf(runtime.outputShape));
  const { batchSize: wanted = EVALUATION_BATCH } = options;
  const batchSize = Math.min(checkInteger(who, 'batchSize', wanted, 1), set.size);
  const settings = runSettings(who, options);
  const { threads, isa, signal } = settings;
  checkMemoryLimit(who, runtime, 'evaluate', batchSize, settings);
  const inputs = {
    stores: runtime.stores('evaluate'),
    dataset: nativeCopy(set),
    order: inOrder(set.size),
    batchSize,
    scalars: new Float64Array(0),
    threads,
  };
  const run = await new ProgramRun(runtime.program('evaluate', batchSize, isa), inputs, signal).finished();
  const totals = new MetricMeans(metrics);
  totals.add(run.metrics(0), (step) => Math.min(batchSize, set.size - step * batchSize));
  return totals.means();
}

import type { AnyDataset } from '../data/dataset.js';
import { BatchStream } from '../data/streamed/batch-stream.js';
import { checkData } from '../data/streamed/check-data.js';
import type { StreamedDataset } from '../data/streamed/streamed-dataset.js';
import { InvalidArgumentError } from '../errors/index.js';
import { Model } from '../model/model.js';
import { RUN_OPTIONS, type RunOptions } from '../model/run-options.js';
import { checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { type LearningRateFinding, suggestRates } from './finding.js';
import { rampLosses } from './ramp.js';
import { SmoothedLoss } from './smoothed-loss.js';

export interface FindLearningRateOptions extends RunOptions {
  /**
   * Learning rate of the first step; at least 2 ** -126, the smallest float32 with all its digits.
   * @default 1e-6
   */
  from?: number;
  /**
   * Learning rate of the last step, above `from`; a float32, too.
   * @default 10
   */
  to?: number;
  /**
   * Steps from one to the other, from 10 to 1000000.
   * @default 100
   */
  steps?: number;
  /**
   * Samples a step.
   * @default 32
   */
  batchSize?: number;
  /**
   * Share of the losses before in the smoothed loss, from 0 to below 1.
   * @default 0.9
   */
  smoothing?: number;
  /**
   * Ends the search when the smoothed loss is more than so many times its least; at least 1. Where the least is 0 or below: when it passes it
   * by more than `divergence - 1` times the least or the first, whichever is larger without its sign.
   * @default 4
   */
  divergence?: number;
}

const WHO = 'findLearningRate';
/** Of the normal numbers of float32, in which optimizers compute. */
const LEAST_RATE = 2 ** -126;
const LARGEST_RATE = (2 - 2 ** -23) * 2 ** 127;
const MOST_STEPS = 1e6;

/**
 * Trains a copy of a model with rates that grow from step to step by the same factor, and tells how the loss goes (L. Smith,
 * Cyclical learning rates, 2015). The model stays as it is; what its optimizer says of the rate is left out of account. Samples are those
 * of `fit`'s first epochs.
 *
 * ```ts
 * const found = await findLearningRate(model, train);
 * await writeFile('rates.svg', learningRateChart(found));
 * model.compile({ optimizer: optimizers.sgd({ learningRate: found.suggestion ?? 0.01 }), loss });
 * ```
 *
 * @throws InvalidArgumentError or ShapeError when options or data do not fit; the signal's reason when it is aborted
 */
export async function findLearningRate(
  model: Model,
  data: AnyDataset | StreamedDataset,
  options: FindLearningRateOptions = {},
): Promise<LearningRateFinding> {
  if (!(model instanceof Model)) {
    throw new InvalidArgumentError(`${WHO}: expected a model, received ${describe(model)}.`);
  }
  checkOptions(WHO, options, ['from', 'to', 'steps', 'batchSize', 'smoothing', 'divergence', ...RUN_OPTIONS]);
  const runtime = Model.runtimeOf(model);
  const { loss } = runtime.compiled(WHO);
  if (loss.reduction === 'none') {
    throw new InvalidArgumentError(
      `${WHO}: expected a loss with the reduction 'mean' or 'sum', received losses.${loss.name}({ reduction: 'none' }). Call ` +
        'model.compile with another loss.',
    );
  }
  if (data instanceof BatchStream) {
    throw new InvalidArgumentError(
      `${WHO}: expected a set of which samples can be drawn in any order, received a stream of batches. Give some of its samples in ` +
        'memory: datasets.fromArrays().',
    );
  }
  const set = checkData(WHO, data, runtime.inputs, loss, runtime.outputShape);
  const { from = 1e-6, to = 10, steps = 100, batchSize = 32, smoothing = 0.9, divergence = 4 } = options;
  checkNumber(WHO, 'from', from, LEAST_RATE, LARGEST_RATE);
  if (checkNumber(WHO, 'to', to, LEAST_RATE, LARGEST_RATE) <= from) {
    throw new InvalidArgumentError(`${WHO}: expected a number above from, which is ${from}, for to, received ${to}.`);
  }
  checkInteger(WHO, 'steps', steps, 10, MOST_STEPS);
  const samples = Math.min(checkInteger(WHO, 'batchSize', batchSize, 1), set.size);
  const smoothed = new SmoothedLoss(
    checkNumber(WHO, 'smoothing', smoothing, 0, 1 - Number.EPSILON),
    checkNumber(WHO, 'divergence', divergence, 1),
  );

  const ramp = Array.from({ length: steps }, (_, i) => from * (to / from) ** (i / (steps - 1)));
  const losses: number[] = [];
  for await (const value of rampLosses(WHO, runtime, set, ramp, samples, options)) {
    losses.push(value);
    if (smoothed.add(value)) break;
  }
  const rates = ramp.slice(0, losses.length);
  const smoothedLosses = smoothed.values;
  return { rates, losses, smoothedLosses, diverged: smoothed.diverged, ...suggestRates(rates, smoothedLosses) };
}

import { checkDataset } from '../data/check-dataset.js';
import type { AnyDataset } from '../data/dataset.js';
import { InvalidArgumentError } from '../errors/index.js';
import type { Loss } from '../losses/index.js';
import { type Evaluation, type Means, MetricMeans } from '../metrics/index.js';
import { ProgramRun } from '../program/program-run.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { useAverages, useTrained, withAverages } from './average-weights.js';
import { checkBatchStatistics } from './batch-statistics.js';
import { epochChunks } from './epoch-chunks.js';
import { EVALUATION_BATCH, type EvaluateOptions, evaluate, evaluationMode } from './evaluation.js';
import { type TrainingEvent, VALIDATION_NAMES, type ValidationNumbers } from './events.js';
import { checkMemoryLimit } from './run-memory.js';
import { RUN_OPTIONS, type RunOptions, type RunSettings, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';
import { type EpochPlan, planEpochs, SAMPLING_OPTIONS, type SamplingOptions } from './sampling.js';
import { stepScalars } from './step-scalars.js';

export interface TrainOptions extends RunOptions, SamplingOptions {
  /**
   * Times to go over all samples, or over as many steps as `stepsPerEpoch` says.
   * @default 1
   */
  epochs?: number;
  /**
   * Samples a step; an epoch's last step takes what is left.
   * @default 32
   */
  batchSize?: number;
  /** A set to evaluate after each epoch. */
  validationData?: AnyDataset;
}

export interface TrainEventOptions extends TrainOptions {
  /** Also give an event every so many steps. By default none. */
  logEvery?: number;
}

/** Everything an epoch needs, checked. */
interface Plan extends EpochPlan {
  readonly data: AnyDataset;
  readonly epochs: number;
  readonly logEvery: number;
  readonly validationData: AnyDataset | undefined;
  readonly settings: RunSettings;
}

export const TRAIN_OPTIONS = ['epochs', 'batchSize', 'validationData', ...SAMPLING_OPTIONS, ...RUN_OPTIONS] as const;

/** Trains, giving events. The consumer may stop at any time by leaving its loop. */
export async function* train(
  who: string,
  runtime: Runtime,
  data: AnyDataset,
  options: TrainEventOptions,
): AsyncGenerator<TrainingEvent, void, undefined> {
  runtime.compiled(who);
  const plan = checkPlan(who, runtime, data, options);
  checkLimits(who, runtime, plan);
  const release = runtime.beginTraining(who);
  try {
    await useTrained(runtime);
    for (let epoch = 1; epoch <= plan.epochs; epoch++) {
      const { means, seconds } = yield* trainEpoch(runtime, plan, epoch);
      const { validationData } = plan;
      const evaluated = validationData && (() => evaluate(runtime, validationData, validationOptions(plan)));
      const validation = evaluated && (await withAverages(runtime, evaluated));
      yield {
        event: 'epoch',
        epoch,
        step: epoch * plan.stepsPerEpoch,
        ...means,
        ...(validation && validationNumbers(validation)),
        seconds,
        imagesPerSecond: plan.samplesPerEpoch / seconds,
      };
    }
  } finally {
    try {
      await useAverages(runtime);
    } finally {
      release();
    }
  }
}

async function* trainEpoch(
  runtime: Runtime,
  plan: Plan,
  epoch: number,
): AsyncGenerator<TrainingEvent, { means: Means; seconds: number }, undefined> {
  const { data, batchSize, stepsPerEpoch, samplesPerEpoch, logEvery, settings } = plan;
  const { optimizer, metrics, loss } = runtime.compiled('model.fit');
  const program = runtime.program('train', batchSize, settings.isa);
  const totals = new MetricMeans(metrics, loss.reduction);
  const begun = performance.now();
  const samplesOf = (step: number) => Math.min(batchSize, samplesPerEpoch - step * batchSize);
  let seen = 0;
  for await (const chunk of epochChunks(data, plan.order(runtime.seed, runtime.epochs))) {
    const before = seen;
    const steps = Math.ceil(chunk.order.length / batchSize);
    const range = {
      first: (epoch - 1) * stepsPerEpoch + before,
      count: steps,
      steps: plan.epochs * stepsPerEpoch,
      stepsPerEpoch,
      updates: runtime.updates,
      factor: 1,
    };
    const inputs = {
      ...chunk,
      stores: runtime.stores('train'),
      batchSize,
      scalars: stepScalars(optimizer, range),
      firstStep: runtime.steps,
      epoch: runtime.epochs,
      threads: settings.threads,
    };
    const run = new ProgramRun(program, inputs, settings.signal);
    try {
      for (let done = false; !done; ) {
        done = await run.next();
        const first = seen;
        for (const means of totals.add(run.native.metrics(seen - before), (step) => samplesOf(first + step))) {
          const step = (epoch - 1) * stepsPerEpoch + ++seen;
          if (logEvery > 0 && step % logEvery === 0) yield { event: 'step', epoch, step, ...means };
        }
        if (!done && seen > 0) yield progress(plan, totals.means(), epoch, seen, performance.now() - begun);
      }
    } finally {
      await run.stop();
      const completed = run.native.completed();
      runtime.steps += completed;
      runtime.updates += completed;
    }
  }
  runtime.epochs++;
  return { means: totals.means(), seconds: (performance.now() - begun) / 1000 };
}

function progress(plan: Plan, means: Means, epoch: number, epochStep: number, milliseconds: number): TrainingEvent {
  const { epochs, batchSize, stepsPerEpoch, samplesPerEpoch } = plan;
  const imagesPerSecond = (Math.min(epochStep * batchSize, samplesPerEpoch) / milliseconds) * 1000;
  const samplesLeft = (epochs - epoch + 1) * samplesPerEpoch - epochStep * batchSize;
  return {
    event: 'progress',
    epoch,
    step: (epoch - 1) * stepsPerEpoch + epochStep,
    epochStep,
    stepsPerEpoch,
    ...means,
    imagesPerSecond,
    secondsLeft: Math.max(0, samplesLeft / imagesPerSecond),
  };
}

/** Under a memory limit validation takes steps no larger than those of training, so that one batchSize decides for both. */
function validationOptions({ batchSize, settings }: Plan): EvaluateOptions & { batchSize: number } {
  const { threads, isa, signal, memoryLimit } = settings;
  return {
    batchSize: memoryLimit === undefined ? EVALUATION_BATCH : Math.min(EVALUATION_BATCH, batchSize),
    threads,
    isa,
    ...(signal && { signal }),
    ...(memoryLimit !== undefined && { memoryLimit }),
  };
}

/** Under the names they have in events. */
function validationNumbers(validation: Evaluation): ValidationNumbers {
  const numbers = VALIDATION_NAMES.map(([name, own]) => [name, validation[own]] as const);
  return Object.fromEntries(numbers.filter(([, value]) => value !== undefined));
}

function checkReduction(who: string, { name, reduction }: Loss): void {
  if (reduction !== 'none') return;
  throw new InvalidArgumentError(
    `${who}: expected a loss with the reduction 'mean' or 'sum' to train, received losses.${name}({ reduction: 'none' }). ` +
      'Call model.compile with another loss; model.losses gives the losses of samples whatever the reduction.',
  );
}

function checkLimits(who: string, runtime: Runtime, plan: Plan): void {
  const { batchSize, settings, validationData } = plan;
  checkMemoryLimit(who, runtime, 'train', batchSize, settings);
  if (!validationData) return;
  const size = Math.min(validationOptions(plan).batchSize, validationData.size);
  checkMemoryLimit(`${who} validationData`, runtime, evaluationMode(runtime), size, settings);
}

function checkPlan(who: string, runtime: Runtime, data: AnyDataset, options: TrainEventOptions): Plan {
  checkOptions(who, options, [...TRAIN_OPTIONS, 'logEvery']);
  const { epochs = 1, batchSize = 32, logEvery = 0, validationData } = options;
  const { graph, inputs, outputShape } = runtime;
  const { loss } = runtime.compiled(who);
  checkReduction(who, loss);
  const set = checkDataset(who, data, inputs, loss, outputShape);
  const plan = planEpochs(who, set.size, checkInteger(who, 'batchSize', batchSize, 1), options);
  checkBatchStatistics(who, graph, plan);
  return {
    data: set,
    epochs: checkInteger(who, 'epochs', epochs, 1),
    ...plan,
    logEvery: checkInteger(who, 'logEvery', logEvery, 0),
    validationData:
      validationData === undefined
        ? undefined
        : checkDataset(`${who} validationData`, validationData, inputs, loss, outputShape),
    settings: runSettings(who, options),
  };
}

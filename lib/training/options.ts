import { type Augment, type AugmentOptions, checkAugment } from '../augmentations/options.js';
import type { Callback, DescribedCallback } from '../callbacks/index.js';
import { checkSameClasses } from '../data/check-same-classes.js';
import type { TrainingData } from '../data/dataset.js';
import { BatchStream } from '../data/streamed/batch-stream.js';
import { checkData, checkFiniteData } from '../data/streamed/check-data.js';
import { StreamedDataset } from '../data/streamed/streamed-dataset.js';
import { InvalidArgumentError } from '../errors/index.js';
import type { Loss } from '../losses/index.js';
import { checkBatchStatistics } from '../model/batch-statistics.js';
import { EVALUATION_BATCH, type EvaluateOptions, evaluationMode } from '../model/evaluation.js';
import { checkMemoryLimit } from '../model/run-memory.js';
import { RUN_OPTIONS, type RunOptions, type RunSettings, runSettings } from '../model/run-options.js';
import type { Runtime } from '../model/runtime.js';
import { type EpochPlan, planEpochs, SAMPLING_OPTIONS, type SamplingOptions } from '../model/sampling.js';
import { samplingOf } from '../model/stream-sampling.js';
import { type Views, viewed } from '../model/views.js';
import { checkBoolean, checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { checkCallbacks } from './check-callbacks.js';
import { type CheckpointOptions, type CheckpointPlan, checkCheckpoint, checkResume } from './checkpoint-options.js';

export interface TrainOptions extends RunOptions, SamplingOptions, AugmentOptions {
  /**
   * Times to go over all samples, or over as many steps as `stepsPerEpoch` says. Of a training that is resumed, those before
   * included.
   * @default 1
   */
  epochs?: number;
  /**
   * Samples a step; an epoch's last step takes what is left.
   * @default 32
   */
  batchSize?: number;
  /** A set to evaluate after each epoch. */
  validationData?: TrainingData;
  /**
   * Views of each image that validation takes the mean output of, as in `evaluate`.
   * @default the image alone
   */
  validationViews?: Views;
  /**
   * What accompanies the training, called in this order; those of `callbacks` may also be plain data, such as
   * `{ type: 'earlyStopping', patience: 3 }`. An error that one throws ends the training.
   */
  callbacks?: readonly (Callback | DescribedCallback)[];
  /** Where and when to write checkpoints. By default none are. */
  checkpoint?: CheckpointOptions;
  /**
   * Goes on from the newest checkpoint, to the same bits as if it had never stopped. `true`: from the folder of `checkpoint`, or from the
   * start where it has none. A text: from that folder.
   * @default false
   */
  resume?: boolean | string;
  /**
   * Whether a loss or gradient that is not finite ends the training before it gets into the weights, with a `TrainingError` that names the
   * layer and the step.
   * @default true
   */
  terminateOnNaN?: boolean;
}

export interface TrainEventOptions extends TrainOptions {
  /** Also give an event every so many steps. By default none. */
  logEvery?: number;
}

/** Everything a training needs, checked. */
export interface Plan extends EpochPlan {
  readonly who: string;
  readonly data: TrainingData;
  readonly epochs: number;
  readonly logEvery: number;
  readonly validationData: TrainingData | undefined;
  readonly validationViews: Views;
  readonly callbacks: readonly Callback[];
  readonly checkpoint: CheckpointPlan | undefined;
  /** The folder to resume from, and whether there must be a checkpoint in it. */
  readonly resume: { readonly folder: string; readonly required: boolean } | undefined;
  readonly terminateOnNaN: boolean;
  readonly settings: RunSettings;
  readonly augment: Augment;
  /** How samples are chosen, as far as a training that is resumed must choose them alike. */
  readonly sampling: { readonly shuffle: boolean; readonly sampling: string; readonly lastBatch: string };
}

export const TRAIN_OPTIONS = [
  ...[
    'epochs',
    'batchSize',
    'validationData',
    'validationViews',
    'augment',
    'callbacks',
    'checkpoint',
    'resume',
    'terminateOnNaN',
  ],
  ...SAMPLING_OPTIONS,
  ...RUN_OPTIONS,
] as const;

/** @throws InvalidArgumentError or ShapeError unless options, data and model fit together */
export function checkPlan(who: string, runtime: Runtime, data: TrainingData, options: TrainEventOptions): Plan {
  checkOptions(who, options, [...TRAIN_OPTIONS, 'logEvery']);
  const { epochs = 1, batchSize = 32, logEvery = 0, validationData, callbacks = [], terminateOnNaN = true } = options;
  const { validationViews = {}, resume = false } = options;
  const { graph, inputs, outputShape } = runtime;
  viewed(who, runtime, validationViews, 'validationViews');
  const { loss } = runtime.compiled(who);
  checkReduction(who, loss);
  const set = checkData(who, data, inputs, loss, outputShape);
  if (loss.reads === 'labels') checkSameClasses(who, 'the model', runtime, set);
  checkInteger(who, 'batchSize', batchSize, 1);
  const [size, sampling] = samplingOf(who, set, batchSize, options);
  const plan = planEpochs(who, size, batchSize, sampling);
  checkBatchStatistics(who, graph, plan);
  const augment = checkAugment(who, options.augment, inputs, loss, outputShape);
  checkMixing(who, set, augment);
  const checkpoint = options.checkpoint === undefined ? undefined : checkCheckpoint(who, options.checkpoint);
  return {
    who,
    data: set,
    epochs: checkInteger(who, 'epochs', epochs, 1),
    ...plan,
    logEvery: checkInteger(who, 'logEvery', logEvery, 0),
    validationData: validationData === undefined ? undefined : checkValidation(who, runtime, set, validationData),
    validationViews,
    callbacks: checkCallbacks(who, callbacks),
    checkpoint,
    resume: checkResume(who, resume, checkpoint),
    terminateOnNaN: checkBoolean(who, 'terminateOnNaN', terminateOnNaN),
    settings: runSettings(who, options),
    augment,
    sampling: {
      shuffle: sampling.shuffle ?? true,
      sampling: sampling.sampling ?? 'shuffle',
      lastBatch: sampling.lastBatch ?? 'keep',
    },
  };
}

function checkValidation(who: string, runtime: Runtime, trained: TrainingData, data: TrainingData): TrainingData {
  const { inputs, outputShape } = runtime;
  const of = `${who} validationData`;
  const { loss } = runtime.compiled(who);
  checkFiniteData(of, data, inputs, loss, outputShape);
  if (loss.reads === 'labels') {
    checkSameClasses(of, 'the model', runtime, data);
    checkSameClasses(of, 'the training set', trained, data);
  }
  return data;
}

/** @throws TrainingError when training or validation would take more than the limit */
export function checkLimits(runtime: Runtime, plan: Plan): void {
  const { who, batchSize, settings, augment, validationData, validationViews } = plan;
  const { isa, memoryLimit } = settings;
  checkMemoryLimit(who, runtime, runtime.program('train', batchSize, isa, 'float32', augment), {
    ...settings,
    mode: 'train',
    batchSize,
    augment,
  });
  if (!validationData) return;
  const size = Math.min(validationOptions(plan).batchSize, validationData.size);
  const seen = viewed(who, runtime, validationViews);
  const mode = evaluationMode(seen);
  checkMemoryLimit(`${who} validationData`, seen, seen.program(mode, size, isa), {
    ...settings,
    mode,
    batchSize: size,
    wayOut:
      memoryLimit === undefined && batchSize < size
        ? 'Give a memoryLimit: validation then takes no more samples a step than training.'
        : undefined,
  });
}

/** Under a memory limit validation takes steps no larger than those of training, so that one batchSize decides for both. */
export function validationOptions({
  batchSize,
  settings,
  validationViews,
}: Pick<Plan, 'batchSize' | 'settings' | 'validationViews'>): EvaluateOptions & { batchSize: number } {
  const { threads, isa, signal, memoryLimit } = settings;
  return {
    batchSize: memoryLimit === undefined ? EVALUATION_BATCH : Math.min(EVALUATION_BATCH, batchSize),
    views: validationViews,
    threads,
    isa,
    ...(signal && { signal }),
    ...(memoryLimit !== undefined && { memoryLimit }),
  };
}

function checkReduction(who: string, { name, reduction }: Loss): void {
  if (reduction !== 'none') return;
  throw new InvalidArgumentError(
    `${who}: expected a loss with the reduction 'mean' or 'sum' to train, received losses.${name}({ reduction: 'none' }). ` +
      'Call model.compile with another loss; model.losses gives the losses of samples whatever the reduction.',
  );
}

/** Partners are drawn from the whole set. */
function checkMixing(who: string, data: TrainingData, augment: Augment): void {
  if (!augment?.some(({ mixes }) => mixes) || !(data instanceof StreamedDataset || data instanceof BatchStream)) return;
  throw new InvalidArgumentError(
    `${who}: expected a set in memory for mixup and cutmix, which draw partners from all of it, received one that is read in ` +
      'pieces. Leave them out, or train in code on a set in memory, such as await set.toMemory() gives.',
  );
}

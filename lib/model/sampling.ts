import { InvalidArgumentError } from '../errors/index.js';
import { checkBoolean, checkChoice, checkInteger } from '../util/check.js';
import { permutation, withReplacement } from '../util/permutation.js';
import { countedOrder, type SampleOrder } from './sample-order.js';

/** How the samples of each epoch are chosen. */
export interface SamplingOptions {
  /**
   * Whether each epoch goes through the samples in a new order, drawn from the model's seed and the epoch.
   * @default true
   */
  shuffle?: boolean;
  /**
   * `'shuffle'`: an epoch takes every sample once, in the order that `shuffle` says. `'replacement'`: every sample of every
   * step is drawn from the whole set, whatever was drawn before, so an epoch may take a sample several times or never. What
   * is drawn depends on the model's seed and the epoch alone.
   * @default 'shuffle'
   */
  sampling?: Sampling;
  /**
   * Steps of an epoch. With `sampling: 'replacement'` any number, each of `batchSize` samples; else at most as many as
   * there are, and an epoch takes the first steps of its order.
   * @default as many as it takes for as many samples as the set has; the last step takes what is left
   */
  stepsPerEpoch?: number;
  /**
   * What becomes of an epoch's last step where samples do not fill it. `'drop'`: they are left out, so that every step takes
   * `batchSize` samples; those of a shuffled epoch are others each time.
   * @default 'keep'
   */
  lastBatch?: LastBatch;
}

/** What becomes of samples at the end of an epoch that fill no batch. */
export type LastBatch = 'keep' | 'drop';

/** How the samples of an epoch are drawn. */
export type Sampling = 'shuffle' | 'replacement';

export const SAMPLING_OPTIONS = ['shuffle', 'sampling', 'stepsPerEpoch', 'lastBatch'] as const;

/** Samples that are drawn are all in one array. */
const MOST_SAMPLES = 2 ** 28;

/** Which samples the steps of an epoch take. */
export interface EpochPlan {
  /** Most samples a step takes; the last may take fewer. */
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  /** Samples of an epoch, all steps together. */
  readonly samplesPerEpoch: number;
  /** Whether `stepsPerEpoch` was given. */
  readonly givenSteps: boolean;
  /** The samples of an epoch in their order, until that of another epoch is asked for. */
  readonly order: (seed: number, epoch: number) => SampleOrder;
}

/** @throws InvalidArgumentError unless the options agree with each other and the set's size */
export function planEpochs(who: string, size: number, wantedBatch: number, options: SamplingOptions): EpochPlan {
  const { shuffle, stepsPerEpoch: steps, sampling = 'shuffle', lastBatch = 'keep' } = options;
  checkChoice(who, 'sampling', sampling, ['shuffle', 'replacement']);
  if (steps !== undefined) checkInteger(who, 'stepsPerEpoch', steps, 1);
  const shuffled = shuffle === undefined || checkBoolean(who, 'shuffle', shuffle);
  if (options.sampling !== undefined && !shuffled) {
    throw new InvalidArgumentError(
      `${who}: expected no sampling beside shuffle: false, received '${sampling}'. Leave one of them out: samples in ` +
        'order are not drawn.',
    );
  }
  const drop = checkChoice(who, 'lastBatch', lastBatch, ['keep', 'drop']) === 'drop';
  if (drop && wantedBatch > size && !(sampling === 'replacement' && steps !== undefined)) {
    throw new InvalidArgumentError(
      `${who}: expected a batchSize of at most ${size} (the samples of the set) beside lastBatch: 'drop', received ` +
        `${wantedBatch}: no step would be left.`,
    );
  }
  return sampling === 'replacement'
    ? drawn(who, size, wantedBatch, steps, drop)
    : eachOnce(who, size, Math.min(wantedBatch, size), steps, shuffled, drop);
}

function drawn(who: string, size: number, wantedBatch: number, steps: number | undefined, drop: boolean): EpochPlan {
  const batchSize = steps === undefined ? Math.min(wantedBatch, size) : wantedBatch;
  const whole = drop ? size - (size % batchSize) : size;
  const samplesPerEpoch = steps === undefined ? whole : steps * batchSize;
  if (batchSize > MOST_SAMPLES) {
    throw new InvalidArgumentError(
      `${who}: expected a batchSize of at most ${MOST_SAMPLES} beside sampling: 'replacement', received ${batchSize}.`,
    );
  }
  if (samplesPerEpoch > MOST_SAMPLES && steps !== undefined) {
    throw new InvalidArgumentError(
      `${who}: expected at most ${Math.floor(MOST_SAMPLES / batchSize)} for stepsPerEpoch, for steps of ${batchSize} samples, ` +
        `received ${steps}. Train for more epochs instead.`,
    );
  }
  return {
    batchSize,
    stepsPerEpoch: Math.ceil(samplesPerEpoch / batchSize),
    samplesPerEpoch,
    givenSteps: steps !== undefined,
    order: (seed, epoch) => withReplacement(size, samplesPerEpoch, seed, epoch),
  };
}

function eachOnce(
  who: string,
  size: number,
  batchSize: number,
  steps: number | undefined,
  shuffled: boolean,
  drop: boolean,
): EpochPlan {
  const most = drop ? Math.floor(size / batchSize) : Math.ceil(size / batchSize);
  if (steps !== undefined && steps > most) {
    throw new InvalidArgumentError(
      `${who}: expected at most ${most} for stepsPerEpoch, for ${size} samples in steps of ${batchSize}, received ${steps}. ` +
        "Use sampling: 'replacement' for longer epochs, or more epochs.",
    );
  }
  const stepsPerEpoch = steps ?? most;
  const samplesPerEpoch = Math.min(size, stepsPerEpoch * batchSize);
  // Of all epochs: new memory takes three times as long as drawing an order.
  let drawn: Int32Array | undefined;
  const shuffledOrder = (seed: number | bigint, epoch: number) => {
    drawn = permutation(size, seed, epoch, drawn);
    return drawn.subarray(0, samplesPerEpoch);
  };
  return {
    batchSize,
    stepsPerEpoch,
    samplesPerEpoch,
    givenSteps: steps !== undefined,
    order: (seed, epoch) => (shuffled ? shuffledOrder(seed, epoch) : countedOrder(samplesPerEpoch)),
  };
}

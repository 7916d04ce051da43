import { SCALAR_METRICS, type ScalarMetricName } from '../metrics/index.js';
import type { HistoryRecord } from './history.js';

type Validated = 'loss' | ScalarMetricName;

/** Of `validationData`: the loss as `valLoss`, and each metric that is one number, such as `valAccuracy` and `valF1`. */
export type ValidationNumbers = { readonly [Name in Validated as `val${Capitalize<Name>}`]?: number };

/** Each with the name it has in an evaluation. */
export const VALIDATION_NAMES = (['loss', ...SCALAR_METRICS] as const).map(
  (name) => [`val${name.charAt(0).toUpperCase()}${name.slice(1)}` as keyof ValidationNumbers, name] as const,
);

/** A step of `train({ logEvery })`: numbers of that step's batch alone. */
export interface StepEvent {
  readonly event: 'step';
  /** From 1. */
  readonly epoch: number;
  /** Steps done since training began. */
  readonly step: number;
  readonly loss: number;
  readonly accuracy?: number;
}

/** Where an epoch stands, a few times a second. When it comes depends on the clock. */
export interface ProgressEvent {
  readonly event: 'progress';
  readonly epoch: number;
  readonly step: number;
  /** Steps done in this epoch, and how many it has. */
  readonly epochStep: number;
  readonly stepsPerEpoch: number;
  /** Means over the epoch so far. */
  readonly loss: number;
  readonly accuracy?: number;
  readonly imagesPerSecond: number;
  /** Until the last epoch's last step, at this rate. */
  readonly secondsLeft: number;
}

/** An epoch done, validation included. */
export interface EpochEvent extends ValidationNumbers {
  readonly event: 'epoch';
  readonly epoch: number;
  readonly step: number;
  /** Over the epoch's samples, as the loss's `reduction` says. */
  readonly loss: number;
  readonly accuracy?: number;
  /** Time in training steps, without validation. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** A checkpoint written. */
export interface CheckpointEvent {
  readonly event: 'checkpoint';
  readonly epoch: number;
  /** Steps done. */
  readonly step: number;
  readonly path: string;
}

/** A training taken up from a checkpoint: the first event, if any. */
export interface ResumeEvent {
  readonly event: 'resume';
  /** The epoch that goes on or begins. */
  readonly epoch: number;
  /** Steps done before. */
  readonly step: number;
  readonly path: string;
  /** Of the epochs done before. */
  readonly history: HistoryRecord;
}

/** What `model.train` tells of, told apart by `event`. */
export type TrainingEvent = StepEvent | ProgressEvent | EpochEvent | CheckpointEvent | ResumeEvent;

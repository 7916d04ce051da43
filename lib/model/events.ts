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
export interface EpochEvent {
  readonly event: 'epoch';
  readonly epoch: number;
  readonly step: number;
  /** Means over the epoch's samples. */
  readonly loss: number;
  readonly accuracy?: number;
  /** With `validationData`. */
  readonly valLoss?: number;
  readonly valAccuracy?: number;
  /** Time in training steps, without validation. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

export type TrainingEvent = StepEvent | ProgressEvent | EpochEvent;

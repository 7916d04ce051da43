import type { BatchStream } from './streamed/batch-stream.js';
import type { StreamedDataset } from './streamed/streamed-dataset.js';

/** What every dataset holds beside its samples. */
interface Weighted {
  /** Number of samples. */
  readonly size: number;
  /** What the loss of each sample is multiplied by; 0 leaves a sample out. Without, 1 for each. */
  readonly weights?: Float32Array;
}

interface Labelled extends Weighted {
  /** The class of each sample, from 0 to `classes - 1`. */
  readonly labels: Int32Array;
  /** Number of classes. */
  readonly classes: number;
  /** Names of the classes, in the order of their labels. */
  readonly classNames?: readonly string[];
  /** As in a `TargetDataset`, for losses that compare with targets. */
  readonly targets?: Float32Array;
  readonly targetShape?: readonly number[];
}

interface Targeted extends Weighted {
  /** What the model's output shall be for each sample, one after another. */
  readonly targets: Float32Array;
  /** Shape of one sample's targets: that of the model's output. */
  readonly targetShape: readonly number[];
  readonly labels?: undefined;
}

/** Images and labels held in memory. Pixels stay as they are until the first call of a training step. */
export interface Dataset extends Labelled {
  /** All samples one after another, each laid out as `shape` says (NCHW as a whole). */
  readonly images: Uint8Array | Float32Array;
  /** Shape of one sample: `[C, H, W]`, or `[features]` for networks of dense layers only. */
  readonly shape: readonly number[];
  /** Of sets that go by a name: mean of each channel of the training part, pixels scaled to 0..1. */
  readonly mean?: readonly number[];
  /** Of sets that go by a name: standard deviation of each channel of the training part, pixels scaled to 0..1. */
  readonly std?: readonly number[];
}

/** Samples of several parts, one for each input of a model, held in memory. Sample i is the i-th of every part. */
export interface MultiInputDataset extends Labelled {
  /** One array for each part, of samples one after another. */
  readonly images: readonly (Uint8Array | Float32Array)[];
  /** Shape of one sample of each part. */
  readonly shape: readonly (readonly number[])[];
}

/** Images and targets held in memory: numbers to come close to, or distributions over classes. */
export interface TargetDataset extends Targeted {
  /** All samples one after another, each laid out as `shape` says (NCHW as a whole). */
  readonly images: Uint8Array | Float32Array;
  /** Shape of one sample: `[C, H, W]`, or `[features]` for networks of dense layers only. */
  readonly shape: readonly number[];
}

/** The same for a model with several inputs. */
export interface MultiInputTargetDataset extends Targeted {
  /** One array for each part, of samples one after another. */
  readonly images: readonly (Uint8Array | Float32Array)[];
  /** Shape of one sample of each part. */
  readonly shape: readonly (readonly number[])[];
}

/** A set in memory. */
export type AnyDataset = Dataset | MultiInputDataset | TargetDataset | MultiInputTargetDataset;

/** What a model trains on or is evaluated with: held in memory, or read when it is needed. */
export type TrainingData = AnyDataset | StreamedDataset | BatchStream;

/** What one input of a model reads of every sample. */
export interface DatasetPart {
  readonly images: Uint8Array | Float32Array;
  readonly shape: readonly number[];
}

/** The parts of a dataset: of an ordinary one, itself. */
export function partsOf({ images, shape }: AnyDataset): DatasetPart[] {
  if (!Array.isArray(images)) return [{ images, shape } as DatasetPart];
  const length = Math.max(images.length, shape.length);
  return Array.from({ length }, (_, i) => ({ images: images[i], shape: shape[i] }) as DatasetPart);
}

/** A set as published: one part to learn from, one to measure with. */
export interface DatasetSplit {
  readonly train: Dataset;
  readonly test: Dataset;
}

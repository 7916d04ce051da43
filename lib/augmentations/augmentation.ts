import { checkNumber } from '../util/check.js';
import type { Fill } from './border.js';

/** Names of the augmentations there are. */
export type AugmentationName =
  | 'randomCrop'
  | 'horizontalFlip'
  | 'verticalFlip'
  | 'rotation'
  | 'shift'
  | 'scale'
  | 'brightness'
  | 'contrast'
  | 'saturation'
  | 'cutout'
  | 'randomErasing'
  | 'mixup'
  | 'cutmix';

/** An augmentation as plain data, for config files: `{ type: 'randomCrop', padding: 4 }`. */
export interface AugmentationConfig {
  readonly type: AugmentationName;
  readonly [option: string]: unknown;
}

/** The samples of an input, as far as augmentations ask. */
export interface ImageInput {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** The pixel of each channel that the input's `mean` is subtracted to 0 from. */
  readonly means: readonly number[];
}

/** What native code is told of an augmentation: `AugmentStep` of `cpp/operators/augmentation.h`. */
export interface NativeStep {
  /** Number of the kind, in the order of `AugmentKind`. */
  readonly kind: number;
  readonly a?: number;
  readonly b?: number;
  readonly flag?: boolean;
  readonly fill?: Fill;
}

/** Kinds of steps in the order of `AugmentKind`. */
export const StepKind = {
  crop: 0,
  flipColumns: 1,
  flipRows: 2,
  rotation: 3,
  shift: 4,
  scale: 5,
  brightness: 6,
  contrast: 7,
  saturation: 8,
  erase: 9,
  mixup: 10,
  cutmix: 11,
} as const;

const MOVING: readonly AugmentationName[] = [
  'randomCrop',
  'horizontalFlip',
  'verticalFlip',
  'rotation',
  'shift',
  'scale',
];

/** A change of training samples, drawn anew for each of them in each epoch; made by `augmentations.xxx()`. */
export class Augmentation {
  readonly type: AugmentationName;
  /** Share of the samples that are changed. */
  readonly probability: number;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #stepFor: (who: string, image: ImageInput) => NativeStep;

  constructor(
    type: AugmentationName,
    options: Readonly<Record<string, unknown>>,
    probability: number,
    stepFor: (who: string, image: ImageInput) => NativeStep,
  ) {
    this.type = type;
    this.#options = options;
    this.probability = checkNumber(`augmentations.${type}`, 'probability', probability, 0, 1);
    this.#stepFor = stepFor;
  }

  /** Whether samples are mixed with others, and so are their labels. */
  get mixes(): boolean {
    return this.type === 'mixup' || this.type === 'cutmix';
  }

  /** Whether pixels get to other places. */
  get moves(): boolean {
    return MOVING.includes(this.type);
  }

  /** Plain data from which `augmentationFrom` makes the same augmentation. */
  config(): AugmentationConfig {
    return { type: this.type, ...this.#options };
  }

  /** For images of an input. @throws InvalidArgumentError or ShapeError when they do not suit @internal */
  stepFor(who: string, image: ImageInput): NativeStep {
    return this.#stepFor(`${who}: augmentations.${this.type}`, image);
  }
}

/** Options that every augmentation has. */
export interface ProbabilityOptions {
  /**
   * Share of the samples that are changed, from 0 to 1, drawn for each sample and epoch.
   * @default 1, and 0.5 for flips and `randomErasing`
   */
  probability?: number;
}

import { InvalidArgumentError } from '../errors/index.js';
import type { Loss } from '../losses/index.js';
import { type ModelInput, transformOf } from '../model/input.js';
import { describe } from '../util/describe.js';
import { formatShape, isMap, type Shape } from '../util/shape.js';
import type { Augmentation, AugmentationConfig } from './augmentation.js';
import { augmentationFrom } from './from-option.js';
import { imageInput } from './image-input.js';
import { augmentAttributes } from './lower.js';

/** Augmentations, as of `fit` and `preview`. */
export interface AugmentOptions {
  /**
   * How the training samples `[C, H, W]` of the model's single input are changed, natively and within the step: augmentations in the
   * order in which they are applied, or their plain data `{ type: 'randomCrop', padding: 4 }`. What is drawn for a sample depends on
   * the model's seed, the epoch, the place in this list and the number of the sample in its set, never on threads or batches.
   * Validation data are left as they are.
   * @default none
   */
  augment?: readonly (Augmentation | AugmentationConfig)[];
}

/** The same, checked: none is no list. */
export type Augment = readonly Augmentation[] | undefined;

/**
 * @throws InvalidArgumentError or ShapeError unless the augmentations are such, suit the images of the model's input, and its
 * loss can compare outputs with what labels and targets then are
 */
export function checkAugment(
  who: string,
  augment: unknown,
  inputs: readonly ModelInput[],
  loss: Loss,
  outputShape: Shape,
): Augment {
  const list = toAugmentations(who, augment);
  const [input] = inputs;
  if (list.length === 0 || !input) return undefined;
  if (inputs.length > 1) {
    const names = inputs.map(({ name }) => name).join(', ');
    throw new InvalidArgumentError(
      `${who}: expected a model with a single input for augment, received one with the inputs ${names}. Leave augment out.`,
    );
  }
  augmentAttributes(who, list, imageInput(who, input.shape, transformOf(input)), 0);
  if (list.some(({ mixes }) => mixes) && !loss.mixes) {
    throw new InvalidArgumentError(
      `${who}: expected the loss sparseCategoricalCrossentropy or categoricalCrossentropy for mixed samples, received ` +
        `${loss.name}. Compile the model with one of them, or leave mixup and cutmix out.`,
    );
  }
  const moving = list.find(({ moves }) => moves);
  if (moving && loss.reads === 'targets' && isMap(outputShape)) {
    throw new InvalidArgumentError(
      `${who}: expected augmentations that leave pixels at their places for targets of shape ${formatShape(outputShape)}, which ` +
        `do not move with the image, received ${moving.type}. Leave it out, or move both before the set is made.`,
    );
  }
  return list;
}

/** @throws InvalidArgumentError unless this is a list of augmentations, of which one at most mixes samples */
export function toAugmentations(who: string, augment: unknown): readonly Augmentation[] {
  if (augment === undefined) return [];
  if (!Array.isArray(augment)) {
    throw new InvalidArgumentError(
      `${who}: expected an array of augmentations for augment, received ${describe(augment)}.`,
    );
  }
  const list = Array.from(augment, (one) => augmentationFrom(`${who} augment`, one));
  if (list.length > MOST_AUGMENTATIONS) {
    throw new InvalidArgumentError(
      `${who}: expected at most ${MOST_AUGMENTATIONS} augmentations for augment, received ${list.length}.`,
    );
  }
  const mixing = list.filter(({ mixes }) => mixes);
  if (mixing.length > 1) {
    throw new InvalidArgumentError(
      `${who}: expected one of mixup and cutmix at most for augment, received ${mixing.length}. Leave the others out.`,
    );
  }
  return list;
}

const MOST_AUGMENTATIONS = 256;

import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { Augmentation, type AugmentationConfig, type AugmentationName } from './augmentation.js';
import { brightness, contrast, saturation } from './colour.js';
import { randomCrop } from './crop.js';
import { cutout, randomErasing } from './erasing.js';
import { horizontalFlip, verticalFlip } from './flip.js';
import { cutmix, mixup } from './mixing.js';
import { rotation, scale, shift } from './plane-map.js';

/** Every augmentation, by name. */
export const makers = {
  randomCrop,
  horizontalFlip,
  verticalFlip,
  rotation,
  shift,
  scale,
  brightness,
  contrast,
  saturation,
  cutout,
  randomErasing,
  mixup,
  cutmix,
} as const satisfies Record<AugmentationName, (options: never) => Augmentation>;

/** An augmentation given as such, or as plain data. @throws InvalidArgumentError otherwise */
export function augmentationFrom(who: string, value: unknown): Augmentation {
  if (value instanceof Augmentation) return value;
  if (!isPlainObject(value)) {
    throw new InvalidArgumentError(
      `${who}: expected augmentations such as augmentations.horizontalFlip(), or { type: 'horizontalFlip' }, received ` +
        `${describe(value)}.`,
    );
  }
  const { type, ...options } = value as unknown as AugmentationConfig;
  const name = checkChoice(who, 'type of the augmentation', type, Object.keys(makers) as AugmentationName[]);
  return (makers[name] as (options: object) => Augmentation)(options);
}

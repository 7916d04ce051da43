import { makers } from './from-option.js';
import { preview } from './preview.js';

/**
 * Augmentations by name, for `fit({ augment: [...] })`, and `preview`, which shows what they make of samples.
 *
 * @namespace
 */
export const augmentations = { ...makers, preview } as const;

export type { Augmentation, AugmentationConfig, AugmentationName, ProbabilityOptions } from './augmentation.js';
export type { BorderMode, BorderOptions, FillMode, FillOptions } from './border.js';
export type { ColourOptions } from './colour.js';
export type { RandomCropOptions } from './crop.js';
export type { ErasingOptions } from './erasing.js';
export type { FlipOptions } from './flip.js';
export type { MixingOptions } from './mixing.js';
export type { AugmentOptions } from './options.js';
export type { RotationOptions, ScaleOptions, ShiftOptions } from './plane-map.js';
export type { PreviewOptions } from './preview.js';

import { either, integer, kind, list, names, number, type Schema } from './schema.js';

const two = { minItems: 2, maxItems: 2 };
const probability = { probability: number({ minimum: 0, maximum: 1 }) };
const range = list(number(), two);
const sizes = either([integer(1), list(integer(1), two)]);
const padding = either([integer(0), list(integer(0), two)]);
const value = either([number(), list(number(), { minItems: 1 })]);
const FILLS = ['zero', 'mean', 'constant'];
const fill = { mode: names(FILLS), value, ...probability };
const border = { mode: names([...FILLS, 'edge', 'reflect']), value, ...probability };
const flip = { mode: names(['random', 'alternating'], { default: 'random' }), ...probability };
const colour = { 'factor!': range, ...probability };
const amounts = either([number(), range]);
const mixing = { alpha: number({ exclusiveMinimum: 0 }), ...probability };

/** Options of every augmentation, by its name. */
export const AUGMENT_OPTIONS: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  randomCrop: { 'padding!': padding, ...border },
  horizontalFlip: flip,
  verticalFlip: flip,
  rotation: { 'degrees!': amounts, ...border },
  shift: { pixels: amounts, fraction: amounts, ...border },
  scale: { 'factor!': range, ...border },
  brightness: colour,
  contrast: colour,
  saturation: colour,
  cutout: { 'size!': sizes, ...fill },
  randomErasing: { 'size!': sizes, ...fill },
  mixup: mixing,
  cutmix: mixing,
};

export const augmentSchema = list(
  either(Object.entries(AUGMENT_OPTIONS).map(([type, options]) => kind(type, options))),
  { description: 'How training samples are changed, in this order.' },
);

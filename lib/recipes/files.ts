import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogName } from '../data/catalog.js';
import { checkChoice } from '../util/check.js';
import { packageFolder } from '../util/package-folder.js';
import type { Spread } from '../util/spread.js';
import { RECIPE_NAMES, type RecipeName } from './names.js';

/** A recipe as its file says it: a configuration of `cnnative train` (docs/config.md). */
export interface RecipeConfig {
  readonly name: RecipeName;
  /** In a line. */
  readonly description: string;
  readonly data: CatalogName;
  readonly [key: string]: unknown;
}

/** What `npm run bench:recipes` measured of a recipe. */
export interface RecipeMeasurement {
  readonly seeds: readonly number[];
  /** Share of the test samples that are told right by the model at the end. */
  readonly accuracy: Spread;
  /** In training steps alone. */
  readonly seconds: Spread;
  /** Rate of training over that of its step alone on a fixed batch, augmentation left out; the median over the seeds. */
  readonly rateOfStep: number;
  /** Such as `2 threads, avx512`, and the CPU. */
  readonly machine: string;
}

/** Path of a recipe's file. @throws InvalidArgumentError when there is no such recipe */
export function recipePath(name: RecipeName): string {
  checkChoice('recipes', 'the name of a recipe', name, RECIPE_NAMES);
  return join(packageFolder(), 'recipes', `${name}.json`);
}

export function recipeConfig(name: RecipeName): RecipeConfig {
  return JSON.parse(readFileSync(recipePath(name), 'utf8')) as RecipeConfig;
}

/** Of those recipes that were measured. */
export function measurements(): Partial<Readonly<Record<RecipeName, RecipeMeasurement>>> {
  return JSON.parse(readFileSync(join(packageFolder(), 'recipes', 'measured.json'), 'utf8'));
}

import { buildCallbacks, buildModel } from '../config/build-model.js';
import { type Config, resolveConfig } from '../config/config.js';
import { CATALOG, type CatalogName } from '../data/catalog.js';
import { Model } from '../model/model.js';
import { multiplyAdds } from '../model/multiply-adds.js';
import type { TrainOptions } from '../model/training.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { measurements, type RecipeConfig, type RecipeMeasurement, recipeConfig } from './files.js';
import { RECIPE_NAMES, type RecipeName } from './names.js';

export type { Spread } from '../util/spread.js';
export type { RecipeConfig, RecipeMeasurement } from './files.js';
export type { RecipeName } from './names.js';

/** What there is to know of a recipe before it is trained. */
export interface RecipeInfo {
  readonly name: RecipeName;
  readonly description: string;
  /** Name of its data set, as `datasets.load` takes it. */
  readonly dataset: CatalogName;
  readonly epochs: number;
  /** Values of the network's weights. */
  readonly parameters: number;
  /** Of one sample going forward. A training step takes three times as many for each of its samples. */
  readonly multiplyAdds: number;
  /** What it reached, where it was measured. */
  readonly measured?: RecipeMeasurement;
}

/** Options of `recipes.model`. */
export interface RecipeModelOptions {
  /**
   * Seed of the first weights and of the order of samples.
   * @default 1
   */
  seed?: number;
}

/**
 * Recipes: whole trainings that reach a known accuracy in a known time (docs/recipes.md).
 *
 * ```ts
 * const { train, test } = await datasets.load('mnist');
 * const model = recipes.model('mnist-fast');
 * await model.fit(train, { ...recipes.training('mnist-fast'), validationData: test });
 * ```
 *
 * Functions that take a name throw InvalidArgumentError when there is no such recipe.
 *
 * @namespace
 */
export const recipes = {
  /** All of them. */
  list: listRecipes,
  /** The configuration of one, as its file has it: plain data, for `cnnative train` and to make others of. */
  config: (name: RecipeName): RecipeConfig => recipeConfig(name),
  /** The network of one with fresh weights, compiled. */
  model: recipeModel,
  /** How `fit` is to train it: epochs, batch size, augmentation, callbacks. */
  training: recipeTraining,
} as const;

function listRecipes(): RecipeInfo[] {
  const all = measurements();
  return RECIPE_NAMES.map((name) => recipeInfo(name, all[name]));
}

function recipeInfo(name: RecipeName, measured: RecipeMeasurement | undefined): RecipeInfo {
  const file = recipeConfig(name);
  const config = resolveConfig(file);
  const model = modelOf(config, 1);
  return {
    name,
    description: file.description,
    dataset: file.data,
    epochs: config.training.epochs,
    parameters: model.parameterCount,
    multiplyAdds: multiplyAdds(Model.runtimeOf(model)),
    ...(measured && { measured }),
  };
}

function recipeModel(name: RecipeName, options: RecipeModelOptions = {}): Model {
  const who = 'recipes.model';
  checkOptions(who, options, ['seed']);
  const { seed = 1 } = options;
  return modelOf(resolved(name), checkInteger(who, 'seed', seed, 0));
}

function modelOf(config: Config, seed: number): Model {
  const { shape, mean, std, classNames } = CATALOG[config.data.type as CatalogName];
  const model = buildModel({ ...config, seed }, { shape, mean, std });
  model.classNames = classNames;
  return model;
}

function recipeTraining(name: RecipeName): TrainOptions {
  const config = resolved(name);
  const { validation, targetAccuracy, logEvery, ...training } = config.training;
  return {
    ...training,
    ...(config.augment && { augment: config.augment }),
    callbacks: buildCallbacks(config),
  };
}

function resolved(name: RecipeName): Config {
  return resolveConfig(recipeConfig(name));
}

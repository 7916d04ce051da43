/** Names of the recipes, each a file of `recipes/`. Apart from them, so that the command line can list them without native code. */
export const RECIPE_NAMES = ['mnist-fast', 'mnist-99.6', 'fashion-94', 'cifar10-90', 'cifar10-94'] as const;

/** Names of the recipes. */
export type RecipeName = (typeof RECIPE_NAMES)[number];

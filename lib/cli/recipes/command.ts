import { Argument, type Command } from 'commander';
import { RECIPE_NAMES, type RecipeName } from '../../recipes/names.js';
import { jsonOption } from '../options.js';

const HELP = `
Examples:
  cnnative recipes                               all of them, with what they reach
  cnnative recipes mnist-fast                    what one is made of
  cnnative recipes mnist-fast > mine.json        to change it and train by it: cnnative train mine.json
  cnnative train --recipe mnist-fast             train by it`;

export function addRecipesCommand(program: Command): void {
  program
    .command('recipes')
    .description('Lists trainings that reach a known accuracy in a known time. With a name: prints its configuration.')
    .addArgument(new Argument('[name]', 'recipe').choices(RECIPE_NAMES))
    .addOption(jsonOption('print one JSON value on one line'))
    .addHelpText('after', HELP)
    .action(async (name: RecipeName | undefined, { json }: { json?: boolean }) => {
      const { runRecipe, runRecipeList } = await import('./run.js');
      if (name === undefined) runRecipeList(json === true);
      else runRecipe(name, json === true);
    });
}

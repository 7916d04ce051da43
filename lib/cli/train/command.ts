import { type Command, Option } from 'commander';
import { MODEL_NAMES } from '../../models/names.js';
import { RECIPE_NAMES, type RecipeName } from '../../recipes/names.js';
import { UsageError } from '../errors.js';
import {
  dataOption,
  datasetOption,
  integer,
  jsonOption,
  memoryLimitOption,
  number,
  path,
  positive,
  threadsOption,
} from '../options.js';
import type { TrainFlags } from './flags.js';
import { readSeeds } from './seeds.js';

/** What `cnnative train` was asked for, read and checked. */
export interface TrainArguments {
  /** Configuration files. */
  readonly configs: readonly string[];
  /** In place of a configuration. */
  readonly recipe?: RecipeName;
  readonly flags: TrainFlags;
  /** Folder of a run to continue. */
  readonly resume?: string;
  /** How many seeds to repeat the run with, or which. */
  readonly seeds?: number | readonly number[];
  /** Runs at a time. */
  readonly jobs?: number;
  readonly json: boolean;
}

const HELP = `
With --json each line of the output is one object:
  {"event":"step","epoch","step","loss","accuracy"}                    with --log-every
  {"event":"epoch","epoch","step","loss","accuracy","valLoss","valAccuracy","seconds","imagesPerSecond"}
  {"event":"done","testAccuracy","testLoss","seconds","imagesPerSecond"}
  and in the last with --time-to-accuracy "targetAccuracy","timeToAccuracy" (seconds, null when it was not reached)
The same seed gives the same lines, whatever the threads; only seconds and imagesPerSecond differ.

Ctrl-C stops within one step; with --out, the model with its weights so far is saved. A second Ctrl-C ends at once.

Options given here override those of a configuration (docs/config.md). Several configurations are trained one after
another, or --jobs at a time, each in a folder of its own: DIR/NAME with --out DIR, else the one it names, else runs/NAME.

Examples:
  cnnative train --dataset digits
  cnnative train --recipe mnist-fast
  cnnative train --dataset mnist --epochs 5 --out runs/lenet5
  cnnative train --dataset cifar10 --data ~/data/cifar-10-batches-py
  cnnative train --dataset mnist --data ~/data/mnist --learning-rate 0.02 --json
  cnnative train lenet5.json --epochs 20 --out runs/lenet5
  cnnative train --recipe mnist-fast --seeds 5 --time-to-accuracy 0.99
  cnnative train a.json b.json c.json --jobs 2 --out runs`;

export function addTrainCommand(program: Command, signal: AbortSignal): void {
  program
    .command('train')
    .description('Train a network on a data set, and test it after every epoch.')
    .argument('[configs...]', 'configuration files: JSON, or modules that export one')
    .addOption(new Option('--recipe <name>', 'a ready configuration: see cnnative recipes').choices(RECIPE_NAMES))
    .addOption(datasetOption())
    .addOption(dataOption())
    .addOption(new Option('--model <name>', 'network').choices(MODEL_NAMES).default('lenet5'))
    .addOption(new Option('--epochs <n>', 'times to go over the training set').default(3).argParser(integer(1)))
    .addOption(new Option('--batch-size <n>', 'images a step').default(64).argParser(integer(1)))
    .addOption(new Option('--learning-rate <x>', 'step size').default(0.01).argParser(positive))
    .addOption(
      new Option('--momentum <x>', 'weight of the gradients before, 0 for none')
        .default(0.9)
        .argParser(number('a number from 0 to below 1', (value) => value >= 0 && value < 1)),
    )
    .addOption(
      new Option('--seed <n>', 'seed of the initial weights and of the order of images')
        .default(1)
        .argParser(integer(0)),
    )
    .addOption(threadsOption())
    .addOption(memoryLimitOption())
    .addOption(
      new Option('--out <dir>', 'folder of the run: configuration, metrics, the trained model').argParser(
        path('the path of a folder'),
      ),
    )
    .addOption(new Option('--log-every <n>', 'also report every so many steps').argParser(integer(1)))
    .addOption(
      new Option('--time-to-accuracy <share>', 'end when the test accuracy reaches it, and tell the time').argParser(
        number('a number above 0 and at most 1', (value) => value > 0 && value <= 1),
      ),
    )
    .addOption(
      new Option('--resume <dir>', 'go on with the run in a folder, from its last checkpoint').argParser(
        path('the path of a folder'),
      ),
    )
    .addOption(
      new Option('--seeds <n>', 'repeat with so many seeds, or with these: 1,2,7; tells mean and deviation').argParser(
        readSeeds,
      ),
    )
    .addOption(
      new Option('--jobs <n>', 'train so many configurations or seeds at a time (default: 1)').argParser(
        integer(1, 64),
      ),
    )
    .addOption(jsonOption('print one JSON object a line'))
    .addHelpText('after', HELP)
    .action(async (configs: string[], _options: unknown, command: Command) => {
      const { runTrain } = await import('./run.js');
      await runTrain(argumentsOf(configs, command), signal);
    });
}

/** Defaults are the configuration's to fill in: only what was given counts. */
function argumentsOf(configs: readonly string[], command: Command): TrainArguments {
  const given = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli');
  const {
    recipe,
    resume,
    seeds,
    jobs,
    json = false,
    ...flags
  } = Object.fromEntries(given) as TrainFlags & {
    recipe?: RecipeName;
    resume?: string;
    seeds?: number | number[];
    jobs?: number;
    json?: boolean;
  };
  if (seeds !== undefined && (configs.length > 1 || resume !== undefined)) {
    throw new UsageError('--seeds: expected at most one configuration and no --resume. See cnnative train --help.');
  }
  if (Array.isArray(seeds) && flags.seed !== undefined) {
    throw new UsageError('--seeds: expected no --seed beside a list of seeds. Leave one of them out.');
  }
  if (jobs !== undefined && ((configs.length === 0 && seeds === undefined) || resume !== undefined)) {
    throw new UsageError(
      '--jobs: expected configurations to train or --seeds, and no --resume. See cnnative train --help.',
    );
  }
  if (configs.length === 0 && recipe === undefined && resume === undefined && flags.dataset === undefined) {
    throw new UsageError("required option '--dataset <name>' not specified. See cnnative train --help.");
  }
  if (recipe !== undefined && configs.length > 0) {
    throw new UsageError('--recipe: expected no configuration beside it, for it is one. See cnnative recipes.');
  }
  if (resume !== undefined && (configs.length > 1 || flags.out !== undefined)) {
    throw new UsageError('--resume: expected at most one configuration and no --out: the run stays in its folder.');
  }
  return {
    configs,
    flags,
    json,
    ...(recipe !== undefined && { recipe }),
    ...(resume !== undefined && { resume }),
    ...(seeds !== undefined && { seeds }),
    ...(jobs !== undefined && { jobs }),
  };
}

import { type Command, Option } from 'commander';
import { MODEL_NAMES } from '../../models/names.js';
import { UsageError } from '../errors.js';
import {
  dataOption,
  datasetOption,
  integer,
  jsonOption,
  memoryLimitOption,
  number,
  path,
  threadsOption,
} from '../options.js';
import type { TrainFlags } from './flags.js';

/** What `cnnative train` was asked for, read and checked. */
export interface TrainArguments {
  /** Configuration files. */
  readonly configs: readonly string[];
  readonly flags: TrainFlags;
  /** Folder of a run to continue. */
  readonly resume?: string;
  /** Runs at a time. */
  readonly jobs?: number;
  readonly json: boolean;
}

const HELP = `
With --json each line of the output is one object:
  {"event":"step","epoch","step","loss","accuracy"}                    with --log-every
  {"event":"epoch","epoch","step","loss","accuracy","valLoss","valAccuracy","seconds","imagesPerSecond"}
  {"event":"done","testAccuracy","testLoss","seconds","imagesPerSecond"}
The same seed gives the same lines, whatever the threads; only seconds and imagesPerSecond differ.

Ctrl-C stops within one step; with --out, the model with its weights so far is saved. A second Ctrl-C ends at once.

Options given here override those of a configuration (docs/config.md). Several configurations are trained one after
another, or --jobs at a time, each in a folder of its own: DIR/NAME with --out DIR, else the one it names, else runs/NAME.

Examples:
  cnnative train --dataset digits
  cnnative train --dataset mnist --epochs 5 --out runs/lenet5
  cnnative train --dataset cifar10 --data ~/data/cifar-10-batches-py
  cnnative train --dataset mnist --data ~/data/mnist --learning-rate 0.02 --json
  cnnative train lenet5.json --epochs 20 --out runs/lenet5
  cnnative train a.json b.json c.json --jobs 2 --out runs`;

export function addTrainCommand(program: Command, signal: AbortSignal): void {
  program
    .command('train')
    .description('Train a network on a data set, and test it after every epoch.')
    .argument('[configs...]', 'configuration files: JSON, or modules that export one')
    .addOption(datasetOption())
    .addOption(dataOption())
    .addOption(new Option('--model <name>', 'network').choices(MODEL_NAMES).default('lenet5'))
    .addOption(new Option('--epochs <n>', 'times to go over the training set').default(3).argParser(integer(1)))
    .addOption(new Option('--batch-size <n>', 'images a step').default(64).argParser(integer(1)))
    .addOption(
      new Option('--learning-rate <x>', 'step size')
        .default(0.01)
        .argParser(number('a number above 0', (value) => value > 0)),
    )
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
      new Option('--resume <dir>', 'go on with the run in a folder, from its last checkpoint').argParser(
        path('the path of a folder'),
      ),
    )
    .addOption(
      new Option('--jobs <n>', 'train so many configurations at a time (default: 1)').argParser(integer(1, 64)),
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
    resume,
    jobs,
    json = false,
    ...flags
  } = Object.fromEntries(given) as TrainFlags & {
    resume?: string;
    jobs?: number;
    json?: boolean;
  };
  if (jobs !== undefined && (configs.length === 0 || resume !== undefined)) {
    throw new UsageError('--jobs: expected configurations to train, and no --resume. See cnnative train --help.');
  }
  if (configs.length === 0 && resume === undefined && flags.dataset === undefined) {
    throw new UsageError("required option '--dataset <name>' not specified. See cnnative train --help.");
  }
  if (resume !== undefined && (configs.length > 1 || flags.out !== undefined)) {
    throw new UsageError('--resume: expected at most one configuration and no --out: the run stays in its folder.');
  }
  return { configs, flags, json, ...(resume !== undefined && { resume }), ...(jobs !== undefined && { jobs }) };
}

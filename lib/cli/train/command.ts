import { type Command, Option } from 'commander';
import { MODEL_NAMES, type ModelName } from '../../models/names.js';
import type { DataArguments } from '../load-data.js';
import {
  dataOption,
  datasetOption,
  integer,
  jsonOption,
  memoryLimitOption,
  number,
  threadsOption,
} from '../options.js';

/** The options of `cnnative train`, read and checked. */
export interface TrainArguments extends DataArguments {
  readonly model: ModelName;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly seed: number;
  readonly threads?: number;
  readonly memoryLimit?: number;
  readonly out?: string;
  readonly logEvery?: number;
  readonly json?: boolean;
}

const HELP = `
With --json each line of the output is one object:
  {"event":"step","epoch","step","loss","accuracy"}                    with --log-every
  {"event":"epoch","epoch","step","loss","accuracy","valLoss","valAccuracy","seconds","imagesPerSecond"}
  {"event":"done","testAccuracy","testLoss","seconds","imagesPerSecond"}
The same seed gives the same lines, whatever the threads; only seconds and imagesPerSecond differ.

Ctrl-C stops within one step; with --out, the model with its weights so far is saved. A second Ctrl-C ends at once.

Examples:
  cnnative train --dataset digits
  cnnative train --dataset mnist --epochs 5 --out runs/lenet5
  cnnative train --dataset cifar10 --data ~/data/cifar-10-batches-py
  cnnative train --dataset mnist --data ~/data/mnist --learning-rate 0.02 --json`;

export function addTrainCommand(program: Command, signal: AbortSignal): void {
  program
    .command('train')
    .description('Train a network on a data set, and test it after every epoch.')
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
    .addOption(new Option('--out <dir>', 'folder to save the trained model in'))
    .addOption(new Option('--log-every <n>', 'also report every so many steps').argParser(integer(1)))
    .addOption(jsonOption('print one JSON object a line'))
    .addHelpText('after', HELP)
    .action(async (options: TrainArguments) => {
      const { runTrain } = await import('./run.js');
      await runTrain(options, signal);
    });
}

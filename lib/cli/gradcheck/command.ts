import { type Command, Option } from 'commander';
import type { DatasetName } from '../names.js';
import { dataOption, datasetOption, integer, jsonOption, threadsOption } from '../options.js';

/** The options of `cnnative gradcheck`, read and checked. */
export interface GradcheckArguments {
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly samples?: number;
  readonly elements?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly json?: boolean;
}

const HELP = `
Every trained tensor and every input is compared with central differences of the loss in double precision: the gradients of
training in float32, and those of the same calls in double precision. The row of a tensor shows the element that
differs most, its error as a part of the tensor's largest slope. Elements with a kink close by are left out.

A model that was not compiled is checked by sum(dy * output) with a random dy.
Exit code: 0 when all errors are within the tolerance (1e-3 in float32, 1e-5 in double), otherwise 1.

With --json the output is one object:
  {"library","passed","objective","samples","isa","tolerance","tensors"}
  each of tensors: {"name","shape","compared","kinks","float32","float64","passed"}
  float32 and float64: {"index","ours","numeric","error"}, or null where nothing was compared

Examples:
  cnnative gradcheck runs/lenet5
  cnnative gradcheck runs/lenet5 --dataset digits --samples 8 --elements 50`;

export function addGradcheckCommand(program: Command, signal: AbortSignal): void {
  program
    .command('gradcheck')
    .description("Compare a saved model's gradients with central differences of its loss.")
    .argument('<model>', 'folder of the model, as `train --out` or `model.save` wrote it')
    .addOption(datasetOption('data set to take samples of (default: random ones)'))
    .addOption(dataOption())
    .addOption(new Option('--samples <n>', 'samples of the batch (default: 4)').argParser(integer(1, 65_536)))
    .addOption(new Option('--elements <n>', 'elements tried of each tensor (default: 20)').argParser(integer(1)))
    .addOption(new Option('--seed <n>', 'draws elements and random samples (default: 0)').argParser(integer(0)))
    .addOption(threadsOption())
    .addOption(jsonOption('print one JSON object'))
    .addHelpText('after', HELP)
    .action(async (folder: string, options: GradcheckArguments) => {
      const { runGradcheck } = await import('./run.js');
      await runGradcheck(folder, options, signal);
    });
}

import { type Command, Option } from 'commander';
import type { DataArguments } from '../load-data.js';
import { dataOption, datasetOption, integer, jsonOption, memoryLimitOption, threadsOption } from '../options.js';

/** The options of `cnnative evaluate`, read and checked. */
export interface EvaluateArguments extends DataArguments {
  readonly batchSize?: number;
  readonly threads?: number;
  readonly memoryLimit?: number;
  readonly json?: boolean;
}

const HELP = `
Examples:
  cnnative evaluate runs/lenet5 --dataset mnist
  cnnative evaluate runs/lenet5 --dataset mnist --json       {"loss":0.0412,"accuracy":0.9875}`;

export function addEvaluateCommand(program: Command, signal: AbortSignal): void {
  program
    .command('evaluate')
    .description('Loss and accuracy of a saved model on the test part of a data set.')
    .argument('<model>', 'folder of the model, as `train --out` or `model.save` wrote it')
    .addOption(datasetOption())
    .addOption(dataOption())
    .addOption(new Option('--batch-size <n>', 'images a step (default: 256)').argParser(integer(1)))
    .addOption(threadsOption())
    .addOption(memoryLimitOption())
    .addOption(jsonOption('print one JSON object'))
    .addHelpText('after', HELP)
    .action(async (folder: string, options: EvaluateArguments) => {
      const { runEvaluate } = await import('./run.js');
      await runEvaluate(folder, options, signal);
    });
}

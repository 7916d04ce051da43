import { type Command, Option } from 'commander';
import type { DatasetName } from '../names.js';
import {
  dataOption,
  datasetOption,
  flipOption,
  integer,
  jsonOption,
  memoryLimitOption,
  shiftOption,
  threadsOption,
} from '../options.js';

/** The options of `cnnative evaluate`, read and checked. */
export interface EvaluateArguments {
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly batchSize?: number;
  readonly threads?: number;
  readonly memoryLimit?: number;
  readonly flip?: boolean;
  readonly shift?: number;
  readonly json?: boolean;
}

const HELP = `
Examples:
  cnnative evaluate runs/lenet5                              on the test data that the run names
  cnnative evaluate runs/flowers/best --data ~/flowers       on the same, which is elsewhere now
  cnnative evaluate models/lenet5 --dataset mnist
  cnnative evaluate runs/lenet5 --dataset mnist --json       {"loss":0.0412,"accuracy":0.9875,"classes":[...],"confusionMatrix":[...]}
  cnnative evaluate runs/lenet5/best --flip --shift 1`;

export function addEvaluateCommand(program: Command, signal: AbortSignal): void {
  program
    .command('evaluate')
    .description(
      'Loss, accuracy, scores of each class and confusion matrix of a saved model on the test part of a data set.',
    )
    .argument('<model>', 'folder of the model or of its run, as `train --out` or `model.save` wrote it')
    .addOption(datasetOption("data set (default: that of the model's run)"))
    .addOption(dataOption())
    .addOption(new Option('--batch-size <n>', 'images a step (default: 256)').argParser(integer(1)))
    .addOption(flipOption())
    .addOption(shiftOption())
    .addOption(threadsOption())
    .addOption(memoryLimitOption())
    .addOption(jsonOption('print one JSON object'))
    .addHelpText('after', HELP)
    .action(async (folder: string, options: EvaluateArguments) => {
      const { runEvaluate } = await import('./run.js');
      await runEvaluate(folder, options, signal);
    });
}

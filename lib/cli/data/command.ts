import { Argument, type Command, Option } from 'commander';
import { DATASET_NAMES, type DatasetName } from '../names.js';
import { dataOption, jsonOption, path } from '../options.js';

/** The options of `cnnative data`, read and checked. */
export interface DataOptions {
  readonly data?: string;
  readonly preview?: string;
  readonly json?: boolean;
}

const HELP = `
Examples:
  cnnative data                                  the sets that go by a name
  cnnative data mnist                            download it if need be, verify and describe it
  cnnative data cifar100 --data cifar-100-python.tar.gz --preview samples.png`;

export function addDataCommand(program: Command, signal: AbortSignal): void {
  program
    .command('data')
    .description('Fetches a data set, verifies it and tells what is in it. Without a name: lists the sets.')
    .addArgument(new Argument('[name]', 'data set').choices(DATASET_NAMES))
    .addOption(dataOption())
    .addOption(
      new Option('--preview <file.png>', 'draw samples with their labels (needs the package sharp)').argParser(
        path('the path of a file that ends in .png', '.png'),
      ),
    )
    .addOption(jsonOption('print one JSON object'))
    .addHelpText('after', HELP)
    .action(async (name: DatasetName | undefined, options: DataOptions) => {
      const { runData, runDataList } = await import('./run.js');
      if (name === undefined) runDataList(options);
      else await runData(name, options, signal);
    });
}

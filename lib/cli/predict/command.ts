import { type Command, Option } from 'commander';
import { flipOption, integer, jsonOption, memoryLimitOption, shiftOption, threadsOption } from '../options.js';

const FITS = ['fill', 'cover', 'contain'] as const;
type Fit = (typeof FITS)[number];

/** The options of `cnnative predict`, read and checked. */
export interface PredictArguments {
  readonly top: number;
  readonly fit?: Fit;
  readonly flip?: boolean;
  readonly shift?: number;
  readonly threads?: number;
  readonly memoryLimit?: number;
  readonly json?: boolean;
}

const HELP = `
Pictures are resized to the model's input, and made grey or coloured by its channels. Needs the package sharp.

Examples:
  cnnative predict runs/lenet5 digit.png
  cnnative predict runs/cifar10/best photos/*.jpg --top 3 --flip
  cnnative predict runs/lenet5 digit.png --json
    {"image":"digit.png","predictions":[{"class":"7","label":7,"probability":0.9987}, ...]}`;

export function addPredictCommand(program: Command, signal: AbortSignal): void {
  program
    .command('predict')
    .description('The likeliest classes of pictures in files, by a saved model.')
    .argument('<model>', 'folder of the model or of its run, as `train --out` or `model.save` wrote it')
    .argument('<image...>', 'JPEG, PNG or WebP files')
    .addOption(new Option('--top <k>', 'classes to name').default(5).argParser(integer(1)))
    .addOption(
      new Option('--fit <how>', "stretch, cut off, or add bars (default: as the model's run did, else fill)").choices(
        FITS,
      ),
    )
    .addOption(flipOption())
    .addOption(shiftOption())
    .addOption(threadsOption())
    .addOption(memoryLimitOption())
    .addOption(jsonOption('print one JSON object a line'))
    .addHelpText('after', HELP)
    .action(async (folder: string, pictures: string[], options: PredictArguments) => {
      const { runPredict } = await import('./run.js');
      await runPredict(folder, pictures, options, signal);
    });
}

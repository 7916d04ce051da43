import { type Command, Option } from 'commander';
import type { Phase, WorkloadName } from '../../bench/names.js';
import { batchOption, phaseOption, secondsOption, workloadOption } from '../measuring-options.js';
import { integer, jsonOption, memoryLimitOption, threadsOption } from '../options.js';

/** What rows can be sorted by: place in the program, or time. */
const ORDERS = ['program', 'time'] as const;

/** The options of `cnnative profile`, read and checked. */
export interface ProfileArguments {
  readonly workload: WorkloadName;
  readonly phase: Phase;
  readonly batch?: number;
  readonly seconds: number;
  readonly threads?: number;
  readonly memoryLimit?: number;
  readonly sort: (typeof ORDERS)[number];
  readonly top?: number;
  readonly json?: boolean;
}

const HELP = `
Columns: ms of thread time in a step, all threads together, the mean over a run and of that the median over up to 5
runs; its share of all calls; GFLOP/s of one thread, 2 for each multiply-add of the definition; percent of the
multiply-add peak of one thread; MB of all operands, and GB/s. Calls made once a run have 'once' for a share.

With --json the output is one object:
  {"library","workload","phase","batch","threads","isa","steps","stepMilliseconds","peakGflops","calls","total"}
  each of calls: {"layer","call","op","phase","milliseconds","share","gflops","percentOfPeak","bytes","gigabytesPerSecond"}

Examples:
  cnnative profile --workload resnet20
  cnnative profile --workload vggbn --phase infer --batch 1 --sort time --top 10`;

export function addProfileCommand(program: Command, signal: AbortSignal): void {
  program
    .command('profile')
    .description('Where the time of a benchmark network goes, call by call.')
    .addOption(workloadOption())
    .addOption(phaseOption())
    .addOption(batchOption())
    .addOption(secondsOption(4))
    .addOption(threadsOption())
    .addOption(memoryLimitOption())
    .addOption(new Option('--sort <order>', 'order of the rows').choices(ORDERS).default('program'))
    .addOption(new Option('--top <n>', 'only the n calls that take most time (default: all)').argParser(integer(1)))
    .addOption(jsonOption('print one JSON object'))
    .addHelpText('after', HELP)
    .action(async (options: ProfileArguments) => {
      const { runProfile } = await import('./run.js');
      await runProfile(options, signal);
    });
}

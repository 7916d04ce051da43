import { type Command, Option } from 'commander';
import { PHASES, type Phase, WORKLOAD_NAMES, type WorkloadName } from '../../bench/names.js';
import { integer, jsonOption, number, threadsOption } from '../options.js';

/** The options of `cnnative bench`, read and checked. */
export interface BenchArguments {
  readonly workload: WorkloadName;
  readonly phase: Phase;
  readonly batch?: number;
  readonly seconds: number;
  readonly threads?: number;
  readonly json?: boolean;
}

const HELP = `
Data is one fixed random batch. After 3 steps to warm up, the rate is the median over the steps of the time given.
gflops counts 6 floating-point operations for each forward multiply-add in training, 2 in inference; percentOfPeak is
of the multiply-add rate that this process reaches on this machine with the same threads.

With --json the output is one object:
  {"library","workload","phase","batch","threads","isa","imagesPerSecond","gflops","percentOfPeak","peakMemoryBytes"}

Examples:
  cnnative bench --workload lenet5
  cnnative bench --workload lenet5 --phase infer --batch 1 --threads 1 --json`;

export function addBenchCommand(program: Command, signal: AbortSignal): void {
  program
    .command('bench')
    .description('Measure how fast a benchmark network trains or predicts on this machine.')
    .addOption(new Option('--workload <name>', 'benchmark network').choices(WORKLOAD_NAMES).default('lenet5'))
    .addOption(new Option('--phase <phase>', 'what to measure').choices(PHASES).default('train'))
    .addOption(
      new Option('--batch <n>', 'images a step (default: as fits the network, 128 for lenet5)').argParser(integer(1)),
    )
    .addOption(
      new Option('--seconds <s>', 'time to measure for')
        .default(4)
        .argParser(number('a number above 0', (value) => value > 0)),
    )
    .addOption(threadsOption())
    .addOption(jsonOption('print one JSON object'))
    .addHelpText('after', HELP)
    .action(async (options: BenchArguments) => {
      const { runBench } = await import('./run.js');
      await runBench(options, signal);
    });
}

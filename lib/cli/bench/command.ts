import type { Command } from 'commander';
import type { Phase, WorkloadName } from '../../bench/names.js';
import { batchOption, phaseOption, secondsOption, workloadOption } from '../measuring-options.js';
import { jsonOption, memoryLimitOption, threadsOption } from '../options.js';

/** The options of `cnnative bench`, read and checked. */
export interface BenchArguments {
  readonly workload: WorkloadName;
  readonly phase: Phase;
  readonly batch?: number;
  readonly seconds: number;
  readonly threads?: number;
  readonly memoryLimit?: number;
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
    .addOption(workloadOption())
    .addOption(phaseOption())
    .addOption(batchOption())
    .addOption(secondsOption(4))
    .addOption(threadsOption())
    .addOption(memoryLimitOption())
    .addOption(jsonOption('print one JSON object'))
    .addHelpText('after', HELP)
    .action(async (options: BenchArguments) => {
      const { runBench } = await import('./run.js');
      await runBench(options, signal);
    });
}

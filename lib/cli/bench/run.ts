import { type Measurement, measure } from '../../bench/measure.js';
import { peakMemoryBytes } from '../../bench/peak-memory.js';
import { workloads } from '../../bench/workloads/index.js';
import { version } from '../../machine/version.js';
import { runSettings } from '../../model/run-options.js';
import { count, megabytes } from '../format.js';
import { table } from '../table.js';
import type { BenchArguments } from './command.js';

/** `cnnative bench`. */
export async function runBench(options: BenchArguments, signal: AbortSignal): Promise<void> {
  const { workload: name, phase, seconds, memoryLimit } = options;
  const workload = workloads[name];
  const { threads, isa } = runSettings('bench', options.threads === undefined ? {} : { threads: options.threads });
  const batch = options.batch ?? workload.batchSize;
  const measured = await measure(workload, { phase, batchSize: batch, seconds, threads, isa, signal, memoryLimit });
  // The order of these names is that of the line other programs read.
  const result = {
    library: `cnnative ${version()}`,
    workload: name,
    phase,
    batch,
    threads,
    isa,
    imagesPerSecond: rounded(measured.imagesPerSecond, 1),
    gflops: rounded(measured.gflops, 2),
    percentOfPeak: rounded(measured.percentOfPeak, 2),
    peakMemoryBytes: peakMemoryBytes(),
  };
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : asTable(result, measured));
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function asTable(result: Record<string, string | number>, { steps, plannedBytes }: Measurement): string {
  const { library, workload, phase, batch, threads, isa, imagesPerSecond, gflops, percentOfPeak } = result;
  return table([
    ['library', `${library}`],
    ['workload', `${workload}, ${phase}, batch ${batch}`],
    ['threads', `${threads}, ${isa}`],
    ['images/s', `${count(Number(imagesPerSecond))} (median of ${count(steps)} steps)`],
    ['GFLOP/s', `${gflops} (${percentOfPeak} % of the multiply-add peak)`],
    ['memory planned', `${megabytes(plannedBytes)} (the network at work, without data and Node)`],
    ['peak memory', megabytes(Number(result.peakMemoryBytes))],
  ]);
}

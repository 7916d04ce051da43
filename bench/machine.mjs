import { cpus, totalmem } from 'node:os';
import { info } from 'cnnative';
import { native } from '../dist/native.js';

/** What the numbers of a report hold for. */
export async function machine(threads) {
  const { version, isa, isas, node, platform } = info();
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    platform,
    node,
    cnnative: version,
    isa,
    isas,
    threads,
    peakGflops: await native.measurePeak(isa, threads),
    date: new Date().toISOString(),
  };
}

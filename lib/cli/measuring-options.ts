// Options of the commands that measure a benchmark network.
import { Option } from 'commander';
import { PHASES, WORKLOAD_NAMES } from '../bench/names.js';
import { integer, positive } from './options.js';

/** Far beyond what any network gains by; its data fits in memory. */
const MOST_BATCH = 65_536;

export function workloadOption(): Option {
  return new Option('--workload <name>', 'benchmark network').choices(WORKLOAD_NAMES).default('lenet5');
}

export function phaseOption(): Option {
  return new Option('--phase <phase>', 'what to measure').choices(PHASES).default('train');
}

export function batchOption(): Option {
  return new Option('--batch <n>', 'images a step (default: as fits the network, 128 for lenet5)').argParser(
    integer(1, MOST_BATCH),
  );
}

export function secondsOption(byDefault: number): Option {
  return new Option('--seconds <s>', 'time to measure for').default(byDefault).argParser(positive);
}

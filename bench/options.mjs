import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { info } from 'cnnative';
import { Command, InvalidArgumentError } from 'commander';
import { WORKLOAD_NAMES } from '../dist/bench/names.js';
import { integer, positive } from '../dist/cli/options.js';
import { readConvolutions } from './shapes.mjs';

const SUITES = ['train', 'infer', 'latency', 'kernels', 'layers', 'bandwidth', 'memory', 'threads', 'isa'];
const PEERS = ['pytorch', 'onednn', 'onnxruntime', 'tfjs'];

const shapesFolder = fileURLToPath(new URL('shapes', import.meta.url));
const shapeNames = readdirSync(shapesFolder).map((file) => file.replace(/\.txt$/, ''));

/** The options of the command line, checked, with defaults. */
export function readOptions(args) {
  const command = new Command('bench')
    .description('Measures cnnative and the peers that are installed, in turn. Explained in bench/README.md.')
    .option('--suite <names>', `of ${SUITES.join(', ')}`, listOf(SUITES), SUITES)
    .option('--workload <names>', `of ${WORKLOAD_NAMES.join(', ')}`, listOf(WORKLOAD_NAMES), WORKLOAD_NAMES)
    .option('--batch <sizes>', 'batch sizes of networks (default: of each network its own)', (text) =>
      text.split(',').map(integer(1)),
    )
    .option(
      '--shapes <lists>',
      `lists of convolutions: of ${shapeNames.join(', ')}, or paths (default: all)`,
      convolutions,
    )
    .option(
      '--peers <names>',
      `of ${PEERS.join(', ')}; or none`,
      (text) => (text === 'none' ? [] : listOf(PEERS)(text)),
      PEERS,
    )
    .option('--rounds <n>', 'times each contestant is measured', integer(1), 5)
    .option('--seconds <s>', 'time of one measurement', positive, 2)
    .option('--threads <n>', 'threads of everyone', integer(1, 1024), info().threads)
    .option('--out <folder>', 'where report.md, report.json and what peers need go', 'bench-results')
    .allowExcessArguments(false);
  const {
    suite,
    workload,
    batch,
    shapes = convolutions(shapeNames.join()),
    out,
    ...others
  } = command.parse(args, { from: 'user' }).opts();
  return { suites: suite, workloads: workload, batches: batch, convolutions: shapes, folder: resolve(out), ...others };
}

/** Names separated by commas. */
function listOf(known) {
  return (text) => {
    const names = text.split(',');
    const wrong = names.find((name) => !known.includes(name));
    if (wrong === undefined) return names;
    throw new InvalidArgumentError(`Expected names of ${known.join(', ')}, received '${wrong}'.`);
  };
}

/** Convolutions of lists given by name or by path. Read at once: a mistake must not show after an hour. */
function convolutions(text) {
  return text.split(',').flatMap((name) => {
    try {
      return readConvolutions(shapeNames.includes(name) ? join(shapesFolder, `${name}.txt`) : resolve(name));
    } catch (error) {
      throw new InvalidArgumentError(error.message);
    }
  });
}

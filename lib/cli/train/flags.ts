import { resolve } from 'node:path';
import type { GivenConfig } from '../../config/config.js';
import type { ModelName } from '../../models/names.js';
import { isPlainObject } from '../../util/is-plain-object.js';
import { UsageError } from '../errors.js';
import type { DatasetName } from '../names.js';

/** Options of the command that were given, each of which overrides the configuration's. */
export interface TrainFlags {
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly model?: ModelName;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly memoryLimit?: number;
  readonly out?: string;
  readonly logEvery?: number;
  readonly timeToAccuracy?: number;
}

/** A configuration with what the flags say in place of its own. */
export function withFlags(config: GivenConfig, flags: TrainFlags): GivenConfig {
  const {
    epochs,
    batchSize,
    logEvery,
    timeToAccuracy: targetAccuracy,
    learningRate,
    momentum,
    dataset,
    data,
    ...rest
  } = flags;
  const { model, seed, threads, memoryLimit, out } = rest;
  return {
    ...config,
    ...given({ model, seed, threads, memoryLimit, out }),
    ...part(config, 'training', given({ epochs, batchSize, logEvery, targetAccuracy })),
    ...part(config, 'optimizer', given({ learningRate, momentum })),
    ...dataOf(config, dataset, data),
  };
}

/** The data of a configuration, or a set by its name, from a folder if one is given. */
export function dataOf(config: GivenConfig, dataset: DatasetName | undefined, dir: string | undefined): GivenConfig {
  const data = dataset === undefined ? config.data : { type: dataset };
  const type = isPlainObject(data) ? data.type : data;
  if (dir !== undefined && type === 'digits') {
    throw new UsageError('--data: expected no folder for digits, which is drawn. Leave it out.');
  }
  if (dir !== undefined && type === 'files') {
    throw new UsageError('--data: expected no folder for data of the type files, which names each file. Leave it out.');
  }
  if (data === undefined) return {};
  // Absolute, for the run's folder keeps it: the run may go on, or be evaluated, from elsewhere.
  return { data: dir === undefined ? data : { ...typed(data), dir: resolve(dir) } };
}

/** An object of the configuration with some of its values replaced. */
function part(config: GivenConfig, name: 'training' | 'optimizer', values: GivenConfig): GivenConfig {
  if (Object.keys(values).length === 0) return {};
  const own = config[name] ?? (name === 'optimizer' ? { type: 'sgd', learningRate: 0.01, momentum: 0.9 } : {});
  return { [name]: { ...typed(own), ...values } };
}

function typed(part: unknown): GivenConfig {
  return typeof part === 'string' ? { type: part } : (part as GivenConfig);
}

function given(values: Readonly<Record<string, unknown>>): GivenConfig {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

import { isDeepStrictEqual } from 'node:util';
import type { PartConfig } from '../../config/config.js';
import type { Dataset, StreamedDataset } from '../../data/index.js';
import { DataError } from '../../errors/index.js';
import type { Model } from '../../model/model.js';
import { diskData, isOnDisk, namingData, placeOf } from '../disk-data.js';
import { UsageError } from '../errors.js';
import { loadData, loadNamed } from '../load-data.js';
import { type Run, runOfModel } from '../run-of-model.js';
import { dataOf } from '../train/flags.js';
import type { EvaluateArguments } from './command.js';

/** What a model is evaluated on. */
export interface TestData {
  readonly data: Dataset | StreamedDataset;
  /** For people. */
  readonly name: string;
}

/** The test part of the set that the options name, else of the one that the model's run was tested with. */
export async function testData(
  folder: string,
  model: Model,
  { dataset, data: dir }: EvaluateArguments,
  signal: AbortSignal,
): Promise<TestData> {
  if (dataset !== undefined) {
    const named = { dataset, ...(dir !== undefined && { data: dir }) };
    return { data: (await loadData(named, signal)).test, name: dataset };
  }
  const run = await runOfModel(folder);
  if (!run) {
    throw new UsageError(
      `--dataset: expected the name of a data set, received none, and ${folder} is not in the folder of a run, which would ` +
        'tell the data. See cnnative evaluate --help.',
    );
  }
  const config = { ...run.config, ...dataOf({ data: run.config.data }, undefined, dir) }.data;
  return dir === undefined ? ofRun(run, config, model, signal) : load(config, '--data', '--data', model, signal);
}

async function ofRun({ path }: Run, config: PartConfig, model: Model, signal: AbortSignal): Promise<TestData> {
  try {
    return await load(config, `${path}: data.dir`, `${path}: data`, model, signal);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const wayOut =
      config.type === 'files'
        ? 'If files have moved, say so there.'
        : 'If they have moved, say where they are by --data.';
    throw new DataError(`${error.message} ${wayOut}`, { cause: error });
  }
}

async function load(
  config: PartConfig,
  who: string,
  whole: string,
  model: Model,
  signal: AbortSignal,
): Promise<TestData> {
  if (!isOnDisk(config.type)) return { data: (await loadNamed(config, who, signal)).test, name: config.type };
  const [classes] = model.outputShape;
  const data = await namingData(whole, whole, async () => {
    const set = await diskData(config, 'test', classes);
    checkClasses(config, set, model);
    return set;
  });
  return { data, name: placeOf(config) };
}

/** Labels are places in the list of folders: one more or less, and they mean other classes. */
function checkClasses({ type }: PartConfig, { classNames }: StreamedDataset, model: Model): void {
  if (type !== 'imageFolder' || model.classNames === undefined) return;
  if (isDeepStrictEqual(classNames, model.classNames)) return;
  throw new DataError(
    `expected folders of the classes that the model was trained on, ${model.classNames.join(', ')}, received ` +
      `${classNames?.join(', ')}.`,
  );
}

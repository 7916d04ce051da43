import type { Config, PartConfig } from '../../config/config.js';
import { CATALOG, type CatalogName } from '../../data/catalog.js';
import type { Dataset, StreamedDataset } from '../../data/index.js';
import { ShapeError } from '../../errors/index.js';
import { lossFromConfig } from '../../losses/index.js';
import type { InputOptions } from '../../model/input.js';
import { diskData, isOnDisk, namingData } from '../disk-data.js';
import { loadNamed } from '../load-data.js';
import { forLoss } from '../targets-for-loss.js';

/** What a configuration trains on and tests with, in memory or on disk. */
export interface TrainingData {
  readonly train: Dataset | StreamedDataset;
  readonly test: Dataset | StreamedDataset;
  /** How its pixels are normalised unless the configuration says otherwise. */
  readonly input: InputOptions;
}

/**
 * The data of a configuration, as its loss needs it.
 *
 * @param who who says where the files are
 */
export async function trainingData(
  { data, loss }: Config,
  who: '--data' | 'data.dir',
  signal: AbortSignal,
): Promise<TrainingData> {
  const wanted = lossFromConfig('loss', loss);
  const { train, test, input } = await load(data, who, signal);
  return { train: forLoss(wanted, train), test: forLoss(wanted, test), input };
}

async function load(config: PartConfig, who: '--data' | 'data.dir', signal: AbortSignal): Promise<TrainingData> {
  if (isOnDisk(config.type)) return namingData(who === '--data' ? who : 'data', 'data', () => fromDisk(config));
  const { shape, mean, std } = CATALOG[config.type as CatalogName];
  return { ...(await loadNamed(config, who, signal)), input: { shape, mean, std } };
}

async function fromDisk(config: PartConfig): Promise<TrainingData> {
  const train = await diskData(config, 'train');
  // Test labels need not hold the largest class.
  const test = await diskData(config, 'test', train.classes);
  if (train.shape.join() === test.shape.join()) return { train, test, input: { shape: train.shape } };
  throw new ShapeError(
    `expected test samples of the shape [${train.shape.join(', ')}], as those to train on have, received ` +
      `[${test.shape.join(', ')}]. Give files of the same set.`,
  );
}

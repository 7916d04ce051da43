import type { PartConfig } from '../../config/config.js';
import { CATALOG, type CatalogName } from '../../data/catalog.js';
import {
  type Dataset,
  datasets,
  type FromFilesOptions,
  type ImageFolderOptions,
  type StreamedDataset,
} from '../../data/index.js';
import { DataError, InvalidArgumentError, ShapeError } from '../../errors/index.js';
import type { InputOptions } from '../../model/input.js';
import { loadData } from '../load-data.js';

/** What a configuration trains on and tests with, in memory or on disk. */
export interface TrainingData {
  readonly train: Dataset | StreamedDataset;
  readonly test: Dataset | StreamedDataset;
  /** How its pixels are normalised unless the configuration says otherwise. */
  readonly input: InputOptions;
}

type FolderConfig = ImageFolderOptions & { readonly dir: string; readonly train?: string; readonly test?: string };
type Files = Pick<FromFilesOptions, 'images'> & { readonly labels: string };
type FilesConfig = Omit<FromFilesOptions, 'images' | 'labels'> & { readonly train: Files; readonly test: Files };

/**
 * The data of a configuration.
 *
 * @param who who says where the files are
 */
export async function trainingData(config: PartConfig, who: string, signal: AbortSignal): Promise<TrainingData> {
  const { type, ...options } = config;
  if (type === 'imageFolder') return streamed(() => fromFolder(options as unknown as FolderConfig));
  if (type === 'files') return streamed(() => fromFiles(options as unknown as FilesConfig));
  const dataset = type as CatalogName;
  const { dir, ...others } = options as { readonly dir?: string };
  const { shape, mean, std } = CATALOG[dataset];
  const named = { dataset, options: others, who, ...(dir !== undefined && { data: dir }) };
  return { ...(await loadData(named, signal)), input: { shape, mean, std } };
}

async function streamed(load: () => Promise<Pick<TrainingData, 'train' | 'test'>>): Promise<TrainingData> {
  try {
    const { train, test } = await load();
    if (train.shape.join() === test.shape.join()) return { train, test, input: { shape: train.shape } };
    throw new ShapeError(
      `expected test samples of the shape [${train.shape.join(', ')}], as those to train on have, received ` +
        `[${test.shape.join(', ')}]. Give files of the same set.`,
    );
  } catch (error) {
    for (const Kind of [DataError, InvalidArgumentError, ShapeError]) {
      if (error instanceof Kind) throw new Kind(`data: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

async function fromFolder({ dir, train = 'train', test = 'test', ...options }: FolderConfig) {
  return {
    train: await datasets.imageFolder(dir, { ...options, split: train }),
    test: await datasets.imageFolder(dir, { ...options, split: test }),
  };
}

async function fromFiles({ train, test, ...options }: FilesConfig) {
  const set = await datasets.fromFiles({ ...options, ...train });
  // Test labels need not hold the largest class.
  return { train: set, test: await datasets.fromFiles({ ...options, classes: set.classes, ...test }) };
}

import { fromBatches } from './batch-stream.js';
import { fromCifarFiles } from './from-cifar-files.js';
import { fromFiles } from './from-files.js';
import { imageFolder } from './image-folder.js';
import { streamed } from './streamed-dataset.js';

/** Sets larger than memory. */
export const streamedDatasets = { fromFiles, fromCifarFiles, imageFolder, fromBatches, streamed } as const;

export type { BatchSource, BatchStream, FromBatchesOptions, SampleBatch } from './batch-stream.js';
export type { FromCifarFilesOptions } from './from-cifar-files.js';
export type { FromFilesOptions } from './from-files.js';
export type { ImageFolderOptions } from './image-folder.js';
export type { SampleElement } from './sample-element.js';
export type { ReadAheadOptions, ReadSamples, StreamedDataset, StreamedOptions } from './streamed-dataset.js';

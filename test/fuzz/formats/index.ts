import type { Format } from '../format.js';
import { tar, tarGzip, zip } from './archives.js';
import { checkpoint, checkpointState } from './checkpoints.js';
import { cifar10Binary, cifar10BinaryMeta, cifar10Python, cifar10PythonMeta } from './cifar10.js';
import { cifar100Binary, cifar100BinaryMeta, cifar100Python, cifar100PythonMeta } from './cifar100.js';
import { config } from './config.js';
import { idx, idxGzip } from './idx.js';
import { modelDescription, modelWeights } from './model.js';
import { npy, npz } from './numpy.js';
import { pictures } from './pictures.js';
import { streamedIdx, streamedNpy } from './streamed.js';

/** Everything that reads files: a new reader gets a line here. */
export const FORMATS: readonly Format[] = [
  idx,
  idxGzip,
  cifar10Binary,
  cifar10BinaryMeta,
  cifar10Python,
  cifar10PythonMeta,
  cifar100Binary,
  cifar100BinaryMeta,
  cifar100Python,
  cifar100PythonMeta,
  npy,
  npz,
  tar,
  tarGzip,
  zip,
  streamedIdx,
  streamedNpy,
  config,
  checkpoint,
  checkpointState,
  modelDescription,
  modelWeights,
  pictures,
];

import type { Format } from '../format.js';
import { cifar10Binary, cifar10BinaryMeta, cifar10Python, cifar10PythonMeta } from './cifar10.js';
import { idx, idxGzip } from './idx.js';
import { modelDescription, modelWeights } from './model.js';
import { pictures } from './pictures.js';

/** Everything that reads files: a new reader gets a line here. */
export const FORMATS: readonly Format[] = [
  idx,
  idxGzip,
  cifar10Binary,
  cifar10BinaryMeta,
  cifar10Python,
  cifar10PythonMeta,
  modelDescription,
  modelWeights,
  pictures,
];

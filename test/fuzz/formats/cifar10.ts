import assert from 'node:assert/strict';
import { DataError } from 'cnnative';
import { readBinaryBatch, readBinaryMeta } from '#lib/data/cifar/binary.js';
import { readPythonBatch, readPythonMeta } from '#lib/data/cifar/python.js';
import { CIFAR10, type CifarLabels } from '#lib/data/cifar/set.js';
import { BATCHES, binaryBatch, CLASS_NAMES, fixture, METAS } from '../../helpers/cifar10-fixtures.js';
import type { Format } from '../format.js';
import { pickleWords } from './pickle-words.js';

const LABELS = CIFAR10.labels[0] as CifarLabels;

function checkBatch({ images, labels }: { images: Uint8Array; labels: Int32Array }): void {
  assert.equal(images.length, labels.length * 3072);
  assert.ok(labels.length > 0);
  assert.ok(labels.every((label) => label >= 0 && label < 10));
}

function checkNames(names: readonly string[]): void {
  assert.equal(names.length, 10);
  assert.ok(names.every((name) => typeof name === 'string' && name !== ''));
}

export const cifar10Binary: Format = {
  name: 'cifar10-binary',
  errors: [DataError],
  samples: async () => [binaryBatch([3]), binaryBatch([0, 9]), binaryBatch([1, 2, 3])],
  read: async ({ path, bytes }) => checkBatch(readBinaryBatch(path, bytes, CIFAR10, LABELS)),
};

export const cifar10BinaryMeta: Format = {
  name: 'cifar10-binary-meta',
  errors: [DataError],
  samples: async () => [Buffer.from(`${CLASS_NAMES.join('\n')}\n\n`), Buffer.from(CLASS_NAMES.join('\r\n'))],
  words: ['\n', '\r\n', '\u0000', '\ufeff'].map((word) => Buffer.from(word)),
  read: async ({ path, bytes }) => checkNames(readBinaryMeta(path, bytes, LABELS)),
};

export const cifar10Python: Format = {
  name: 'cifar10-python',
  errors: [DataError],
  samples: () => Promise.all(BATCHES.map(fixture)),
  words: pickleWords,
  read: async ({ path, bytes }) => checkBatch(readPythonBatch(path, bytes, CIFAR10, LABELS)),
};

export const cifar10PythonMeta: Format = {
  name: 'cifar10-python-meta',
  errors: [DataError],
  samples: () => Promise.all(METAS.map(fixture)),
  words: pickleWords,
  read: async ({ path, bytes }) => checkNames(readPythonMeta(path, bytes, LABELS)),
};

import assert from 'node:assert/strict';
import { DataError } from 'cnnative';
import { readBinaryBatch, readBinaryMeta } from '#lib/data/cifar/binary.js';
import { readPythonBatch, readPythonMeta } from '#lib/data/cifar/python.js';
import { CIFAR100 } from '#lib/data/cifar/set.js';
import { binary100, cifar100Fixture, FINE } from '../../helpers/cifar100-fixtures.js';
import type { Format } from '../format.js';
import { pickleWords } from './pickle-words.js';

type Input = Parameters<Format['read']>[0];

/** With either kind of labels. */
const batchReader =
  (read: typeof readBinaryBatch) =>
  async ({ path, bytes }: Input): Promise<void> => {
    for (const labels of CIFAR100.labels) {
      const batch = read(path, bytes, CIFAR100, labels);
      assert.ok(batch.labels.length > 0);
      assert.equal(batch.images.length, 3072 * batch.labels.length);
      assert.ok(batch.labels.every((label) => label >= 0 && label < labels.classes));
    }
  };

function checkNames(names: readonly string[], classes: number): void {
  assert.equal(names.length, classes);
  assert.ok(names.every((name) => typeof name === 'string' && name !== ''));
}

export const cifar100Binary: Format = {
  name: 'cifar100-binary',
  errors: [DataError],
  samples: async () => binary100().flatMap(({ path, bytes }) => (path.endsWith('.bin') ? [Buffer.from(bytes)] : [])),
  read: batchReader(readBinaryBatch),
};

export const cifar100BinaryMeta: Format = {
  name: 'cifar100-binary-meta',
  errors: [DataError],
  samples: async () => [Buffer.from(`${FINE.join('\n')}\n\n`), Buffer.from(FINE.join('\r\n'))],
  words: ['\n', '\r\n', '\u0000', '\ufeff'].map((word) => Buffer.from(word)),
  read: async ({ path, bytes }) => {
    const [, fine] = CIFAR100.labels;
    if (fine) checkNames(readBinaryMeta(path, bytes, fine), 100);
  },
};

const VERSIONS = [2, 3, 4, 5];

export const cifar100Python: Format = {
  name: 'cifar100-python',
  errors: [DataError],
  samples: () =>
    Promise.all(['batch-python2', ...VERSIONS.map((version) => `batch-bytes-${version}`)].map(cifar100Fixture)),
  words: pickleWords,
  read: batchReader(readPythonBatch),
};

export const cifar100PythonMeta: Format = {
  name: 'cifar100-python-meta',
  errors: [DataError],
  samples: () =>
    Promise.all(['meta-python2', ...VERSIONS.map((version) => `meta-text-${version}`)].map(cifar100Fixture)),
  words: pickleWords,
  read: async ({ path, bytes }) => {
    for (const labels of CIFAR100.labels) checkNames(readPythonMeta(path, bytes, labels), labels.classes);
  },
};

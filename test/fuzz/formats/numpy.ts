import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { DataError, type Dataset, datasets, ShapeError } from 'cnnative';
import { numpyPath } from '../../helpers/numpy-fixtures.js';
import type { Format } from '../format.js';
import { changeZip } from './zip.js';

const LABELS = numpyPath('labels.npy');

export const headerWords = [
  ...[
    "'descr': ",
    "'fortran_order': True",
    "'shape': (",
    "'<f4'",
    "'>f8'",
    "'|O'",
    "'|b1'",
    "'<i8'",
    '{',
    '}',
    '(',
    ')',
  ],
  ...[
    "'shape': (2, 60), ",
    '2, ',
    '18446744073709551616',
    "[('a', '<f4')]",
    '__import__("os").system("true")',
    "'",
    'L',
  ],
].map((word) => Buffer.from(word));

function checkSet({ images, labels, shape, size, classes }: Dataset): void {
  assert.equal(
    images.length,
    shape.reduce((product, length) => product * length, size),
  );
  assert.equal(labels.length, size);
  assert.ok(labels.every((label) => label >= 0 && label < classes));
  assert.ok(images.every((value) => Number.isFinite(value)));
}

/** As images of given labels, and as labels of given images. */
export const npy: Format = {
  name: 'npy',
  file: 'array.npy',
  errors: [DataError, ShapeError],
  samples: () =>
    Promise.all(
      ['u1', 'big-f4', 'little-f8', 'columns-u1', 'little-i8', 'bool', 'version-2', 'version-3', 'labels'].map((name) =>
        readFile(numpyPath(`${name}.npy`)),
      ),
    ),
  words: headerWords,
  read: async ({ path }) => {
    try {
      checkSet(await datasets.fromNumpy({ images: numpyPath('u1.npy'), labels: path }));
    } catch (error) {
      if (!(error instanceof DataError || error instanceof ShapeError)) throw error;
      checkSet(await datasets.fromNumpy({ images: path, labels: LABELS, layout: 'NHWC' }));
    }
  },
};

export const npz: Format = {
  name: 'npz',
  file: 'arrays.npz',
  errors: [DataError, ShapeError],
  samples: () => Promise.all(['stored.npz', 'deflated.npz'].map((name) => readFile(numpyPath(name)))),
  change: changeZip,
  read: async ({ path }) =>
    checkSet(await datasets.fromNumpy({ file: path, images: 'x_train', labels: 'y_train', memoryLimit: '64MiB' })),
};

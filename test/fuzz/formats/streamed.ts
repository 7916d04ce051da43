import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, datasets } from 'cnnative';
import { openChunks } from '#lib/data/file-chunks.js';
import { readIdx } from '#lib/data/idx.js';
import { arrange } from '#lib/data/npy/arrange.js';
import { readNpy } from '#lib/data/npy/read.js';
import { countingBytes, idxBytes } from '../../helpers/idx-file.js';
import { numpyPath } from '../../helpers/numpy-fixtures.js';
import type { Format } from '../format.js';
import { headerWords } from './numpy.js';

const MOST = 2 ** 24;

/** What is read by position must be what a reader of the whole file reads. */
async function checkSame(path: string, read: Uint8Array | Float32Array | Int32Array): Promise<void> {
  const start = (await readFile(path)).subarray(0, 1);
  const { data } = start[0] === 0x93 ? await arrange(await readNpy(await openChunks(path), MOST)) : await readIdx(path);
  assert.equal(read.length, data.length);
  for (let i = 0; i < data.length; i++) assert.equal(read[i], Number(data[i]));
}

/** As samples beside two labels, and as labels beside samples. */
async function read({ path }: { readonly path: string }): Promise<void> {
  try {
    const set = await datasets.fromFiles({ images: join(path, '..', 'images'), labels: path });
    await checkSame(path, set.labels);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const set = await datasets.fromFiles({ images: path, labels: [0, 1] });
    const { images } = await set.toMemory();
    await checkSame(path, images);
  }
}

const shared = {
  file: 'array',
  errors: [DataError],
  prepare: (folder: string) => writeFile(join(folder, 'images'), idxBytes([2, 3], countingBytes(6))),
  read,
};

export const streamedIdx: Format = {
  ...shared,
  name: 'streamed-idx',
  samples: async () => [
    idxBytes([2, 2, 3], countingBytes(12)),
    idxBytes([2, 3, 2, 2], countingBytes(24)),
    idxBytes([2, 2], countingBytes(16), 0x0d),
    idxBytes([2], [0, 4]),
    idxBytes([2], [0, 4, 0, 1], 0x0b),
    idxBytes([2], [0, 0, 0, 1, 0, 0, 0, 0], 0x0c),
  ],
};

export const streamedNpy: Format = {
  ...shared,
  name: 'streamed-npy',
  samples: () =>
    Promise.all(
      ['u1', 'big-f4', 'little-f4', 'version-2', 'version-3', 'labels'].map((name) =>
        readFile(numpyPath(`${name}.npy`)),
      ),
    ),
  words: headerWords,
};

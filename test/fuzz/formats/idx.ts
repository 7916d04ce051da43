import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DataError } from 'cnnative';
import { readIdx } from '#lib/data/idx.js';
import { readIdxDataset } from '#lib/data/idx-dataset.js';
import { countingBytes, idxBytes } from '../../helpers/idx-file.js';
import type { Format } from '../format.js';
import { mutateBytes } from '../mutate-bytes.js';

const LABELS = 'labels';

/** Labels and images of every element type, of few samples. */
const samples = async () => [
  idxBytes([3, 4, 5], countingBytes(60)),
  idxBytes([3, 2, 2, 2], countingBytes(24)),
  idxBytes([3, 6], countingBytes(18)),
  idxBytes([3, 2], countingBytes(6), 0x09),
  idxBytes([3, 2], countingBytes(12), 0x0b),
  idxBytes([3, 2], countingBytes(24), 0x0c),
  idxBytes([3, 2], new Uint8Array(24), 0x0d),
  idxBytes([3, 2], new Uint8Array(48), 0x0e),
];

/** Any array; as images beside three labels; and as labels beside three images. */
async function read({ path }: { readonly path: string }): Promise<void> {
  const { data, shape } = await readIdx(path);
  assert.equal(
    data.length,
    shape.reduce((product, size) => product * size, 1),
  );
  await checked(path, join(path, '..', LABELS));
  await checked(join(path, '..', 'images'), path);
}

async function checked(images: string, labels: string): Promise<void> {
  try {
    const set = await readIdxDataset({ images, labels, classes: 10 });
    assert.equal(
      set.images.length,
      set.shape.reduce((product, size) => product * size, set.size),
    );
    assert.equal(set.labels.length, set.size);
    assert.ok(set.labels.every((label) => label >= 0 && label < 10));
    assert.ok(set.images.every((value) => Number.isFinite(value)));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
}

async function prepare(folder: string): Promise<void> {
  await writeFile(join(folder, LABELS), idxBytes([3], [0, 9, 4]));
  await writeFile(join(folder, 'images'), idxBytes([3, 2, 2], countingBytes(12)));
}

const shared = { file: 'array', prepare, read, errors: [DataError] };

export const idx: Format = { ...shared, name: 'idx', samples };

/** Damage within the packed file, and damage that was packed. */
export const idxGzip: Format = {
  ...shared,
  name: 'idx-gzip',
  samples: async () => (await samples()).map((file) => gzipSync(file)),
  change: (sample, random, all) => {
    if (random.nextInt(2)) return mutateBytes(sample, random, all);
    const plain = mutateBytes(gunzipSync(sample), random, all.slice(0, 1));
    return gzipSync(plain, { level: 1 });
  },
};

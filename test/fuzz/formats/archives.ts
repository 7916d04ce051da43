import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DataError, type Dataset, type DatasetSplit, datasets } from 'cnnative';
import type { Philox } from '#lib/util/philox.js';
import { sealTar, tarOf, zipOf } from '../../helpers/archives.js';
import { binary100, python100 } from '../../helpers/cifar100-fixtures.js';
import { pick } from '../../helpers/values.js';
import type { Format } from '../format.js';
import { mutateBytes } from '../mutate-bytes.js';
import { changeZip } from './zip.js';

const BLOCK = 512;

function checkSet({ images, labels, size, classNames }: Dataset): void {
  assert.ok(size > 0);
  assert.equal(images.length, 3072 * size);
  assert.equal(labels.length, size);
  assert.ok(labels.every((label) => label >= 0 && label < 100));
  assert.equal(classNames?.length, 100);
}

function checkSplit({ train, test }: DatasetSplit): void {
  checkSet(train);
  checkSet(test);
}

const shared = {
  file: 'cifar-100',
  errors: [DataError],
  read: async ({ path }: { readonly path: string }) => {
    try {
      checkSplit(await datasets.cifar100({ dir: path, format: 'binary' }));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      checkSplit(await datasets.cifar100({ dir: path, format: 'python' }));
    }
  },
};

const words = [
  'ustar\x0000',
  'ustar  \0',
  '../',
  '/etc/passwd',
  'train.bin',
  'x',
  'g',
  'L',
  'K',
  '1',
  '2',
  'S',
  '\x80\0\0\0',
].map((word) => Buffer.from(word, 'latin1'));

/** Damage anywhere; or in a header, whose checksum is right again. */
function changeTar(sample: Buffer, random: Philox, all: readonly Buffer[]): Buffer {
  if (random.nextInt(2)) return mutateBytes(sample, random, all, words);
  const bytes = Buffer.from(sample);
  const headers = Array.from({ length: bytes.length / BLOCK }, (_, i) => i * BLOCK).filter(
    (at) => bytes.toString('latin1', at + 257, at + 262) === 'ustar',
  );
  const at = pick(random, headers);
  const header = bytes.subarray(at, at + BLOCK);
  mutateBytes(header, random, [header], words).copy(header, 0, 0, BLOCK);
  sealTar(header);
  return bytes;
}

const tars = async () => [tarOf(binary100()), tarOf(await python100())];

export const tar: Format = { ...shared, name: 'tar', samples: tars, change: changeTar };

/** Damage within the packed file, and damage that was packed. */
export const tarGzip: Format = {
  ...shared,
  name: 'tar-gzip',
  samples: async () => (await tars()).map((file) => gzipSync(file)),
  change: (sample, random, all) => {
    if (random.nextInt(4) === 0) return mutateBytes(sample, random, all);
    const plain = gunzipSync(sample);
    return gzipSync(changeTar(plain, random, [plain]), { level: 1 });
  },
};

export const zip: Format = {
  ...shared,
  name: 'zip',
  samples: async () => [zipOf(binary100()), zipOf(binary100(), false), zipOf(await python100())],
  change: changeZip,
};

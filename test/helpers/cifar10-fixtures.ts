import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from './cli.js';

const FOLDER = join(packageRoot, 'test', 'fixtures', 'cifar10');

export const CLASS_NAMES = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
export const LABELS = [6, 9];
/** Pixels of the two images in every batch, by the formula of tools/fixtures/cifar10.py. */
export const PIXELS = Uint8Array.from({ length: 2 * 3072 }, (_, i) => {
  const pixel = i % 3072;
  return (7 * Math.floor(i / 3072) + 13 * pixel + Math.floor(pixel / 251)) % 256;
});

/** Batches as pickles: by Python 2, and by Python 3 in every protocol. */
export const BATCHES = [
  'batch-python2',
  'batch-bytes-2',
  'batch-bytes-3',
  'batch-bytes-4',
  'batch-bytes-5',
  'batch-text-4',
  'batch-text-5',
  'batch-columns-4',
  'batch-columns-5',
];
export const METAS = ['meta-python2', 'meta-text-2', 'meta-text-3', 'meta-text-4', 'meta-text-5'];

export function fixture(name: string): Promise<Buffer> {
  return readFile(join(FOLDER, name));
}

/** Where a fixture lies. */
export function fixturePath(name: string): string {
  return join(FOLDER, name);
}

/** A file of the binary version with these labels and the fixtures' pixels in turn. */
export function binaryBatch(labels: readonly number[]): Buffer {
  return Buffer.concat(
    labels.map((label, i) => Buffer.concat([Buffer.of(label), PIXELS.subarray((i % 2) * 3072, ((i % 2) + 1) * 3072)])),
  );
}

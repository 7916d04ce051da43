import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { DataError } from 'cnnative';
import { readIdxDataset } from '#lib/data/idx-dataset.js';
import { countingBytes, idxBytes } from '../helpers/idx-file.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

async function pair(t: ExecutionContext, images: Uint8Array, labels: Uint8Array) {
  const folder = await temporaryFolder(t);
  const source = { images: join(folder, 'images'), labels: join(folder, 'labels'), classes: 3 };
  await writeFile(source.images, images);
  await writeFile(source.labels, labels);
  return source;
}

const IMAGES = idxBytes([4, 2, 3], countingBytes(24));
const LABELS = idxBytes([4], [0, 2, 1, 2]);

test('a pair of files is a dataset', async (t) => {
  const set = await readIdxDataset({ ...(await pair(t, IMAGES, LABELS)), classNames: ['a', 'b', 'c'] });
  t.deepEqual(set, {
    images: countingBytes(24),
    labels: Int32Array.of(0, 2, 1, 2),
    shape: [1, 2, 3],
    size: 4,
    classes: 3,
    classNames: ['a', 'b', 'c'],
  });
});

test('images may have channels, or be rows of features', async (t) => {
  const channels = await readIdxDataset(await pair(t, idxBytes([4, 3, 2, 1], countingBytes(24)), LABELS));
  t.deepEqual(channels.shape, [3, 2, 1]);
  const rows = await readIdxDataset(await pair(t, idxBytes([4, 6], countingBytes(24)), LABELS));
  t.deepEqual(rows.shape, [6]);
});

test('images may be float32, labels of any integer type', async (t) => {
  const pixels = Buffer.alloc(4 * 4);
  [0, 0.5, -1, 1e10].forEach((value, i) => {
    pixels.writeFloatBE(value, 4 * i);
  });
  const labels = idxBytes([4], [0, 0, 0, 2, 0, 1, 0, 2], 0x0b);
  const set = await readIdxDataset(await pair(t, idxBytes([4, 1, 1], pixels, 0x0d), labels));
  t.deepEqual(set.images, Float32Array.of(0, 0.5, -1, 1e10));
  t.deepEqual(set.labels, Int32Array.of(0, 2, 1, 2));
});

test('names the byte of a label out of range', async (t) => {
  const source = await pair(t, IMAGES, idxBytes([4], [0, 2, 3, 0]));
  await t.throwsAsync(readIdxDataset(source), {
    instanceOf: DataError,
    message:
      `${source.labels}: expected a label from 0 to 2 at byte 10, received 3 (label 2). ` +
      'The file is damaged or belongs to another set.',
  });
  const wide = idxBytes([4], [0, 0, 0, 1, 0xff, 0xff, 0, 0], 0x0b);
  await t.throwsAsync(readIdxDataset(await pair(t, IMAGES, wide)), { message: /at byte 12, received -1 \(label 2\)/ });
});

test('names the byte of a pixel that is not finite', async (t) => {
  const pixels = Buffer.alloc(4 * 4);
  pixels.writeFloatBE(Number.NaN, 4 * 2);
  await t.throwsAsync(readIdxDataset(await pair(t, idxBytes([4, 1, 1], pixels, 0x0d), LABELS)), {
    instanceOf: DataError,
    message: /expected a finite number at byte 24, received NaN/,
  });
});

test('rejects another number of labels than of images', async (t) => {
  for (const labels of [idxBytes([3], [0, 1, 2]), idxBytes([5], [0, 1, 2, 0, 1])]) {
    const source = await pair(t, IMAGES, labels);
    const error = await t.throwsAsync(readIdxDataset(source), { instanceOf: DataError });
    const count = labels.length - 8;
    t.true(error.message.startsWith(`${source.labels}: expected 4 labels at byte 4, as many as there are images in `));
    t.true(error.message.includes(`${source.images}, received ${count}.`));
  }
});

test('rejects images of another shape than asked for', async (t) => {
  const source = { ...(await pair(t, IMAGES, LABELS)), shape: [1, 28, 28] };
  await t.throwsAsync(readIdxDataset(source), {
    instanceOf: DataError,
    message: /images: expected images of shape \[1, 28, 28\] at byte 8, received \[1, 2, 3\]\./,
  });
});

test('rejects images and labels in each other’s place', async (t) => {
  await t.throwsAsync(readIdxDataset(await pair(t, LABELS, LABELS)), {
    instanceOf: DataError,
    message: /images: expected 2 to 4 dimensions at byte 3 .*, received 1\. Is this the file of images\?/,
  });
  await t.throwsAsync(readIdxDataset(await pair(t, IMAGES, IMAGES)), {
    instanceOf: DataError,
    message: /labels: expected 1 dimension at byte 3, received 3\. Is this the file of labels\?/,
  });
});

test('rejects element types that are no pixels or no labels', async (t) => {
  await t.throwsAsync(readIdxDataset(await pair(t, idxBytes([4, 1, 1], new Uint8Array(8), 0x0b), LABELS)), {
    instanceOf: DataError,
    message: /images: expected elements of type 0x08 .* at byte 2, received Int16Array\./,
  });
  await t.throwsAsync(readIdxDataset(await pair(t, IMAGES, idxBytes([4], new Uint8Array(16), 0x0d))), {
    instanceOf: DataError,
    message: /labels: expected labels of an integer type at byte 2, received Float32Array\./,
  });
});

import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { type Cifar10PartOptions, DataError, type Dataset, datasets, InvalidArgumentError } from 'cnnative';
import * as binary from '#lib/data/cifar/binary.js';
import * as python from '#lib/data/cifar/python.js';
import { CIFAR10, type CifarLabels } from '#lib/data/cifar/set.js';
import { readWhole } from '#lib/data/read-whole.js';
import { binaryBatch, CLASS_NAMES, fixture, fixturePath, PIXELS } from '../helpers/cifar10-fixtures.js';
import { deadAddress } from '../helpers/local-server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const BINARY = [...[1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`), 'test_batch.bin'];
const PYTHON = BINARY.map((name) => name.replace('.bin', ''));

const LABELS = CIFAR10.labels[0] as CifarLabels;
const whole = (path: string) => readWhole(path, 2 ** 22);
const readBinaryBatch = async (path: string) => binary.readBinaryBatch(path, await whole(path), CIFAR10, LABELS);
const readPythonBatch = async (path: string) => python.readPythonBatch(path, await whole(path), CIFAR10, LABELS);
const readBinaryMeta = async (path: string) => binary.readBinaryMeta(path, await whole(path), LABELS);
const readPythonMeta = async (path: string) => python.readPythonMeta(path, await whole(path), LABELS);

/** The binary version: batch i has i images with labels 0, 1, ...; the test batch has 6. */
async function binarySet(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [i, name] of BINARY.entries()) {
    await writeFile(join(folder, name), binaryBatch(Array.from({ length: i + 1 }, (_, label) => label)));
  }
  await writeFile(join(folder, 'batches.meta.txt'), `${CLASS_NAMES.join('\n')}\n\n`);
  return folder;
}

/** The Python version: 2 images a file, of every protocol. */
async function pythonSet(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const sources = ['batch-python2', 'batch-bytes-2', 'batch-bytes-3', 'batch-bytes-4', 'batch-bytes-5', 'batch-text-4'];
  for (const [i, name] of PYTHON.entries()) await copyFile(fixturePath(sources[i] as string), join(folder, name));
  await copyFile(fixturePath('meta-python2'), join(folder, 'batches.meta'));
  return folder;
}

function isSet(t: ExecutionContext, set: Dataset, labels: number[]): void {
  t.deepEqual([...set.labels], labels);
  t.true(set.images instanceof Uint8Array && set.labels instanceof Int32Array);
  t.deepEqual([set.shape, set.size, set.classes], [[3, 32, 32], labels.length, 10]);
  t.deepEqual(set.classNames, CLASS_NAMES);
  t.is(set.images.length, labels.length * 3072);
}

test('reads the binary version', async (t) => {
  const dir = await binarySet(await temporaryFolder(t));
  const { train, test: held } = await datasets.cifar10({ dir });
  isSet(t, train, [0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0, 1, 2, 3, 4]);
  isSet(t, held, [0, 1, 2, 3, 4, 5]);
  // Batches begin with the first image anew.
  const firsts = [0, 1, 3, 6, 10];
  for (const first of firsts)
    t.deepEqual(train.images.subarray(first * 3072, (first + 1) * 3072), PIXELS.subarray(0, 3072));
  t.deepEqual(held.images.subarray(2 * 3072, 4 * 3072), PIXELS);
});

test('reads the Python version', async (t) => {
  const dir = await pythonSet(await temporaryFolder(t));
  const { train, test: held } = await datasets.cifar10({ dir });
  isSet(t, train, [6, 9, 6, 9, 6, 9, 6, 9, 6, 9]);
  isSet(t, held, [6, 9]);
  for (let batch = 0; batch < 5; batch++) t.deepEqual(train.images.subarray(batch * 6144, (batch + 1) * 6144), PIXELS);
});

test('reads one part, or some files as one set', async (t) => {
  const dir = await binarySet(await temporaryFolder(t));
  isSet(t, await datasets.cifar10({ dir, split: 'test' }), [0, 1, 2, 3, 4, 5]);
  isSet(t, await datasets.cifar10({ dir, split: 'train' }), [0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0, 1, 2, 3, 4]);
  isSet(t, await datasets.cifar10({ dir, files: ['data_batch_3'] }), [0, 1, 2]);
  isSet(t, await datasets.cifar10({ dir, files: ['data_batch_2.bin', 'data_batch_1'] }), [0, 1, 0]);
  // Files that are not asked for need not be there.
  await rm(join(dir, 'data_batch_1.bin'));
  isSet(t, await datasets.cifar10({ dir, files: ['data_batch_3'] }), [0, 1, 2]);
  isSet(t, await datasets.cifar10({ dir, split: 'test' }), [0, 1, 2, 3, 4, 5]);
});

test('finds the folders that the archives unpack to, the binary one first', async (t) => {
  const dir = await temporaryFolder(t);
  await pythonSet(join(dir, 'cifar-10-batches-py'));
  t.is((await datasets.cifar10({ dir })).train.size, 10);
  await binarySet(join(dir, 'cifar-10-batches-bin'));
  t.is((await datasets.cifar10({ dir })).train.size, 15);
  t.is((await datasets.cifar10({ dir, format: 'python' })).train.size, 10);
  // The one that is whole, where the other is not.
  await rm(join(dir, 'cifar-10-batches-bin', 'test_batch.bin'));
  t.is((await datasets.cifar10({ dir })).train.size, 10);
});

test.serial('looks in CNNATIVE_DATA and then in the cache folder', async (t) => {
  const before = { CNNATIVE_DATA: process.env.CNNATIVE_DATA, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
  t.teardown(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const [data, cache] = [await temporaryFolder(t), await temporaryFolder(t)];
  process.env.XDG_CACHE_HOME = cache;
  delete process.env.CNNATIVE_DATA;
  // Where there is nothing of the set, it is downloaded.
  const mirrors = [await deadAddress()];
  const refused = { instanceOf: DataError, message: /expected to download cifar-10-binary\.tar\.gz, received http/ };
  await t.throwsAsync(datasets.cifar10({ mirrors }), refused);
  process.env.CNNATIVE_DATA = data;
  await t.throwsAsync(datasets.cifar10({ mirrors }), refused);
  const begun = join(data, 'cifar10', 'cifar-10-batches-bin');
  await mkdir(begun, { recursive: true });
  await writeFile(join(begun, 'test_batch.bin'), binaryBatch([0]));
  await t.throwsAsync(datasets.cifar10({ mirrors }), {
    instanceOf: DataError,
    message: /for CNNATIVE_DATA, received .* without data_batch_1\.bin/,
  });
  await rm(join(data, 'cifar10'), { recursive: true });
  // On macOS and Windows the cache folder lies elsewhere.
  if (process.platform === 'linux') {
    await pythonSet(join(cache, 'cnnative', 'cifar10'));
    t.is((await datasets.cifar10()).train.size, 10);
  }
  await binarySet(join(data, 'cifar-10-batches-bin'));
  t.is((await datasets.cifar10()).train.size, 15);
  await pythonSet(join(data, 'cifar10', 'cifar-10-batches-py'));
  t.is((await datasets.cifar10()).train.size, 10);
});

test('names the files missing, and the way out', async (t) => {
  const dir = await binarySet(await temporaryFolder(t));
  await rm(join(dir, 'data_batch_4.bin'));
  await rm(join(dir, 'batches.meta.txt'));
  const error = await t.throwsAsync(datasets.cifar10({ dir }), { instanceOf: DataError });
  t.true(
    error.message.includes(`for dir, received ${dir}, which is without data_batch_4.bin, batches.meta.txt. Fetch `),
  );
  t.true(
    error.message.includes('cifar-10-binary.tar.gz (MD5 c32a1d4ab5d03f1284b67883e8d87530) or cifar-10-python.tar.gz'),
  );
  await t.throwsAsync(datasets.cifar10({ dir: join(dir, 'absent') }), {
    message: /received .*absent, which is not a folder\./,
  });
  await t.throwsAsync(datasets.cifar10({ dir, files: ['other'] }), { message: /which is without other\.bin/ });
});

test('rejects options that are not what they should be', async (t) => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ dir: 3 }, /the path of a folder for dir, received 3\./],
    [{ dir: '' }, /the path of a folder for dir, received ""\./],
    [{ format: 'matlab' }, /one of 'binary', 'python' for format, received "matlab"\./],
    [{ split: 'validation' }, /one of 'train', 'test' for split, received "validation"\./],
    [{ files: 'data_batch_1' }, /array of names such as \['data_batch_1'\] for files, received "data_batch_1"\./],
    [{ files: [] }, /for files, received \[\]\./],
    [{ files: [1] }, /for files, received \[1\]\./],
    [{ files: new Array(2) }, /for files/],
    [
      { files: ['batches.meta'] },
      /files with images for files, received "batches\.meta", which has the names of the classes\./,
    ],
    [{ files: ['data_batch_1', 'batches.meta.txt'] }, /received "batches\.meta\.txt", which has the names/],
    [{ files: ['a'], split: 'test' }, /either split or files, received both\./],
    [{ folder: 'x' }, /only the options dir, format, split, files, onProgress, mirrors, signal, received "folder"/],
  ];
  for (const [options, message] of cases) {
    const expectation = { instanceOf: InvalidArgumentError, message };
    await t.throwsAsync(datasets.cifar10(options as unknown as Cifar10PartOptions), expectation);
  }
});

/** Writes a file and reads it. */
async function reading<T>(t: ExecutionContext, bytes: Uint8Array, read: (path: string) => Promise<T>): Promise<T> {
  const path = join(await temporaryFolder(t), 'file');
  await writeFile(path, bytes);
  return read(path);
}

test('a binary file must be whole, with labels below 10', async (t) => {
  const bad: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /file: expected a multiple of 3073 bytes .* received 0\./],
    [binaryBatch([1, 2]).subarray(1), /file: expected a multiple of 3073 bytes .* received 6145\./],
    [binaryBatch([1, 10]), /file: expected a label from 0 to 9 at byte 3073, received 10 \(image 1\)\./],
  ];
  for (const [bytes, message] of bad) {
    await t.throwsAsync(reading(t, bytes, readBinaryBatch), { instanceOf: DataError, message });
  }
  t.deepEqual((await reading(t, gzipSync(binaryBatch([3])), readBinaryBatch)).labels, Int32Array.of(3));
  await t.throwsAsync(readBinaryBatch('/absent/file'), { instanceOf: DataError, message: /no file of that name/ });
});

test('a file too large is refused, however small it is packed', async (t) => {
  const bomb = gzipSync(new Uint8Array(4_000_000), { level: 9 });
  await t.throwsAsync(
    reading(t, bomb, (path) => readWhole(path, 1_000_000)),
    { instanceOf: DataError, message: /expected a file of at most \d+ bytes/ },
  );
  t.is((await reading(t, bomb, (path) => readWhole(path, 4_000_000))).length, 4_000_000);
  const plain = new Uint8Array(1001);
  await t.throwsAsync(
    reading(t, plain, (path) => readWhole(path, 1000)),
    { message: /of at most 1000 bytes/ },
  );
  t.is((await reading(t, plain, (path) => readWhole(path, 1001))).length, 1001);
});

test('batches.meta must name ten classes', async (t) => {
  t.deepEqual(await reading(t, Buffer.from(CLASS_NAMES.join('\r\n')), readBinaryMeta), CLASS_NAMES);
  for (const text of [
    '',
    'cat\ndog\n',
    CLASS_NAMES.join('\n').replace('deer', ''),
    `${CLASS_NAMES.join('\n')}\nmore`,
  ]) {
    const expectation = { instanceOf: DataError, message: /expected the names of 10 classes, one a line/ };
    await t.throwsAsync(reading(t, Buffer.from(text), readBinaryMeta), expectation);
  }
  for (const text of ['}.', '}U\x0blabel_names]s.', '}U\x0blabel_namesK\x05s.']) {
    const expectation = { instanceOf: DataError, message: /expected the names of 10 classes for 'label_names'/ };
    await t.throwsAsync(reading(t, Buffer.from(text, 'latin1'), readPythonMeta), expectation);
  }
});

test('a Python batch must hold pixels and as many labels', async (t) => {
  const batch = await fixture('batch-python2');
  const changed = (from: string, to: string) => Buffer.from(batch.toString('latin1').replace(from, to), 'latin1');
  const bad: [Buffer, RegExp][] = [
    [Buffer.from('].'), /file: expected a pickled dict, received a list of 0\./],
    [Buffer.from('}.'), /file: expected a numpy array \[images, 3072\] of uint8 for 'data', received nothing\./],
    [changed('U\x04data', 'U\x04dota'), /for 'data', received nothing/],
    [changed('U\x02u1', 'U\x02i1'), /for 'data', received a numpy array \[2, 3072\] of Int8Array/],
    [changed('K\x02M\x00\x0c', 'K\x04M\x00\x06'), /for 'data', received a numpy array \[4, 1536\] of Uint8Array/],
    // Pixel by pixel, as pictures are, not plane by plane.
    [changed('K\x02M\x00\x0c\x86', '(K\x02K\x20K\x20K\x03t'), /received a numpy array \[2, 32, 32, 3\] of Uint8Array/],
    [changed('U\x06labels', 'U\x06lobels'), /expected 2 integers for 'labels', .* received nothing/],
    [changed('(K\x06K\x09e', '(K\x06e'), /expected 2 integers for 'labels', .* received 1\./],
    [changed('(K\x06K\x09e', '(K\x06K\x0ae'), /expected integers from 0 to 9 in 'labels', received 10 for image 1\./],
    [changed('(K\x06K\x09e', '(K\x06Ne'), /expected integers from 0 to 9 in 'labels', received None for image 1\./],
    [changed('U\x06labels', 'U\x0bfine_labels'), /expected a batch of CIFAR-10, received one of CIFAR-100/],
  ];
  for (const [bytes, message] of bad) {
    await t.throwsAsync(reading(t, bytes, readPythonBatch), { instanceOf: DataError, message });
  }
});

test('both published versions hold the same images', async (t) => {
  const dir = process.env.CNNATIVE_DATA;
  const found = dir
    ? await Promise.all([
        datasets.cifar10({ dir, format: 'binary' }),
        datasets.cifar10({ dir, format: 'python' }),
      ]).catch((error: unknown) => {
        if (!(error instanceof DataError)) throw error;
        return undefined;
      })
    : undefined;
  if (found === undefined) {
    t.log('skipped: no CIFAR-10 in CNNATIVE_DATA');
    t.pass();
    return;
  }
  const [binary, python] = found;
  for (const part of ['train', 'test'] as const) {
    t.is(Buffer.compare(binary[part].images as Uint8Array, python[part].images as Uint8Array), 0);
    t.is(Buffer.compare(Buffer.from(binary[part].labels), Buffer.from(python[part].labels)), 0);
    t.deepEqual([binary[part].classNames, python[part].classNames], [CLASS_NAMES, CLASS_NAMES]);
  }
  t.deepEqual([binary.train.size, binary.test.size], [50_000, 10_000]);
  const counts = (labels: Int32Array) => CLASS_NAMES.map((_, i) => labels.filter((label) => label === i).length);
  t.deepEqual(counts(binary.train.labels), new Array(10).fill(5000));
  t.deepEqual(counts(binary.test.labels), new Array(10).fill(1000));
  let sum = 0;
  for (let i = 0; i < binary.train.images.length; i++) if (i % 3072 < 1024) sum += binary.train.images[i] as number;
  const mean = sum / 50_000 / 1024 / 255;
  t.true(Math.abs(mean - 0.4914) < 0.002, `${mean}`);
});

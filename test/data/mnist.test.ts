import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { DatasetSplit, MnistOptions } from 'cnnative';
import { DataError, datasets, InvalidArgumentError } from 'cnnative';
import type { IdxSet } from '#lib/data/idx-set.js';
import { loadIdxSet } from '#lib/data/idx-set.js';
import { packageRoot } from '../helpers/cli.js';
import { idxBytes } from '../helpers/idx-file.js';
import { localServer } from '../helpers/local-server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

// A set of MNIST's form, small enough to be made here: 3 training and 2 test images of 2 x 2 pixels.
const CONTENT = {
  trainImages: idxBytes([3, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
  trainLabels: idxBytes([3], [0, 1, 0]),
  testImages: idxBytes([2, 2, 2], [13, 14, 15, 16, 17, 18, 19, 20]),
  testLabels: idxBytes([2], [1, 1]),
};
const NAMES = {
  trainImages: 'train-images-idx3-ubyte.gz',
  trainLabels: 'train-labels-idx1-ubyte.gz',
  testImages: 't10k-images-idx3-ubyte.gz',
  testLabels: 't10k-labels-idx1-ubyte.gz',
};
type Part = keyof typeof CONTENT;
const PARTS = Object.keys(CONTENT) as Part[];

const published = (part: Part) => ({
  name: NAMES[part],
  unpackedBytes: CONTENT[part].length,
  sha256: createHash('sha256').update(CONTENT[part]).digest('hex'),
});
const TINY: IdxSet = {
  name: 'tiny',
  folder: 'tiny-set',
  info: { shape: [1, 2, 2], classNames: ['no', 'yes'], mean: [0.5], std: [0.25] },
  mirrors: ['http://tiny.invalid/'],
  files: {
    trainImages: published('trainImages'),
    trainLabels: published('trainLabels'),
    testImages: published('testImages'),
    testLabels: published('testLabels'),
  },
};

function isTiny(t: ExecutionContext, { train, test: held }: DatasetSplit): void {
  t.deepEqual(train, {
    images: Uint8Array.from(CONTENT.trainImages.subarray(16)),
    labels: Int32Array.of(0, 1, 0),
    shape: [1, 2, 2],
    size: 3,
    classes: 2,
    classNames: ['no', 'yes'],
    mean: [0.5],
    std: [0.25],
  });
  t.deepEqual([...held.images], [...CONTENT.testImages.subarray(16)]);
  t.deepEqual(held.labels, Int32Array.of(1, 1));
  t.is(held.size, 2);
}

async function putFiles(
  folder: string,
  pack = gzipSync as (bytes: Uint8Array) => Uint8Array,
  rename = (name: string) => name,
) {
  await mkdir(folder, { recursive: true });
  for (const part of PARTS) await writeFile(join(folder, rename(NAMES[part])), pack(CONTENT[part]));
}

/** A mirror of the tiny set that counts what it is asked for. */
async function mirror(t: ExecutionContext) {
  const asked: string[] = [];
  const address = await localServer(t, (request, response) => {
    const name = (request.url ?? '').slice(1);
    asked.push(name);
    const part = PARTS.find((candidate) => NAMES[candidate] === name);
    if (part === undefined) response.writeHead(404).end();
    else response.end(gzipSync(CONTENT[part]));
  });
  return { asked, address };
}

/** Points the environment of this test to empty places. Tests that use it run one after another. */
async function emptyPlaces(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const places = { data: join(folder, 'data'), cache: join(folder, 'cache') };
  const before = { CNNATIVE_DATA: process.env.CNNATIVE_DATA, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
  process.env.CNNATIVE_DATA = places.data;
  process.env.XDG_CACHE_HOME = places.cache;
  t.teardown(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  return { data: join(places.data, 'tiny-set'), cache: join(places.cache, 'cnnative', 'tiny-set') };
}

test.serial('dir is the only place looked in', async (t) => {
  const { data } = await emptyPlaces(t);
  await putFiles(data);
  const { asked, address } = await mirror(t);
  const dir = await temporaryFolder(t);
  const error = await t.throwsAsync(loadIdxSet(TINY, { dir, mirrors: [address] }), { instanceOf: DataError });
  t.true(
    error.message.startsWith(`datasets.tiny: expected a folder with the four files of the set, plain or .gz, for dir`),
  );
  t.true(
    error.message.includes(`received ${dir}, which is without ${Object.values(NAMES).join(', ')}. Without a network: `),
  );
  t.deepEqual(asked, []);
  await putFiles(dir);
  isTiny(t, await loadIdxSet(TINY, { dir }));
});

test.serial('files may be plain or packed, with a dot or a hyphen', async (t) => {
  const plain = (bytes: Uint8Array) => bytes;
  const bare = (name: string) => name.replace('.gz', '');
  const dotted = (name: string) => name.replace('-idx', '.idx');
  for (const [pack, rename] of [
    [gzipSync, (name: string) => name],
    [plain, bare],
    [gzipSync, dotted],
    [plain, (name: string) => dotted(bare(name))],
  ] as const) {
    const dir = await temporaryFolder(t);
    await putFiles(dir, pack, rename);
    isTiny(t, await loadIdxSet(TINY, { dir }));
  }
});

test.serial('names the files missing in dir', async (t) => {
  const dir = await temporaryFolder(t);
  await putFiles(dir);
  await rm(join(dir, NAMES.testLabels));
  await t.throwsAsync(loadIdxSet(TINY, { dir }), {
    instanceOf: DataError,
    message: /for dir, received .*, which is without t10k-labels-idx1-ubyte\.gz\./,
  });
  await t.throwsAsync(loadIdxSet(TINY, { dir: join(dir, 'absent') }), {
    instanceOf: DataError,
    message: /for dir, received .*absent, which is not a folder\./,
  });
  await t.throwsAsync(loadIdxSet(TINY, { dir: join(dir, NAMES.testImages) }), { message: /which is not a folder\./ });
});

test.serial('CNNATIVE_DATA comes first, then the cache folder, then the network', async (t) => {
  const { data, cache } = await emptyPlaces(t);
  const { asked, address } = await mirror(t);
  const options = { mirrors: [address] };

  isTiny(t, await loadIdxSet(TINY, options));
  t.deepEqual(asked, Object.values(NAMES));
  t.deepEqual((await readdir(cache)).sort(), Object.values(NAMES).sort());

  isTiny(t, await loadIdxSet(TINY, options));
  t.is(asked.length, 4, 'the second time nothing is downloaded');

  await putFiles(data);
  await writeFile(join(cache, NAMES.trainImages), 'would be an error if read');
  isTiny(t, await loadIdxSet(TINY, options));
  t.is(asked.length, 4);
});

test.serial('CNNATIVE_DATA may be unset or empty', async (t) => {
  const { cache } = await emptyPlaces(t);
  await putFiles(cache);
  process.env.CNNATIVE_DATA = '';
  isTiny(t, await loadIdxSet(TINY, {}));
  delete process.env.CNNATIVE_DATA;
  isTiny(t, await loadIdxSet(TINY, {}));
});

test.serial('a set begun in CNNATIVE_DATA must be whole', async (t) => {
  const { data } = await emptyPlaces(t);
  const { asked, address } = await mirror(t);
  await putFiles(data);
  await rm(join(data, NAMES.trainLabels));
  await t.throwsAsync(loadIdxSet(TINY, { mirrors: [address] }), {
    instanceOf: DataError,
    message: /for CNNATIVE_DATA, received .*tiny-set, which is without train-labels-idx1-ubyte\.gz\./,
  });
  t.deepEqual(asked, []);
});

test.serial('only what the cache folder lacks is downloaded', async (t) => {
  const { cache } = await emptyPlaces(t);
  const { asked, address } = await mirror(t);
  await putFiles(cache);
  await rm(join(cache, NAMES.testImages));
  await rename(join(cache, NAMES.trainLabels), join(cache, 'train-labels.idx1-ubyte'));
  isTiny(t, await loadIdxSet(TINY, { mirrors: [address] }));
  t.deepEqual(asked, [NAMES.testImages]);
});

test.serial('a damaged file in the cache folder says how to get a new one', async (t) => {
  const { cache } = await emptyPlaces(t);
  await putFiles(cache);
  await writeFile(join(cache, NAMES.trainLabels), CONTENT.trainLabels.subarray(0, 6));
  const error = await t.throwsAsync(loadIdxSet(TINY, {}), { instanceOf: DataError });
  t.true(
    error.message.startsWith(`${join(cache, NAMES.trainLabels)}: expected the 4-byte size of dimension 0 at byte 4`),
  );
  t.true(error.message.endsWith('Once deleted, it is downloaded again when asked for.'));
});

test.serial('a download that fails tells what to do without a network', async (t) => {
  const { data } = await emptyPlaces(t);
  const address = await localServer(t, (_request, response) => response.writeHead(404).end());
  const error = await t.throwsAsync(loadIdxSet(TINY, { mirrors: [address] }), { instanceOf: DataError });
  t.true(error.message.startsWith('datasets.tiny: expected to download train-images-idx3-ubyte.gz, received '));
  t.true(error.message.includes(`Without a network: fetch ${Object.values(NAMES).join(', ')} elsewhere`));
  t.true(error.message.includes(`put them into ${data}, or give their folder as dir.`));
});

test.serial('reports the progress of every file', async (t) => {
  await emptyPlaces(t);
  const { address } = await mirror(t);
  const files = new Set<string>();
  await loadIdxSet(TINY, { mirrors: [address], onProgress: ({ file }) => files.add(file) });
  t.deepEqual([...files], Object.values(NAMES));
});

test('rejects options that are not what they should be', async (t) => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ dir: 3 }, /the path of a folder for dir, received 3\./],
    [{ dir: '' }, /the path of a folder for dir, received ""\./],
    [{ onProgress: 'loud' }, /a function for onProgress, received "loud"\./],
    [{ signal: {} }, /an AbortSignal for signal, received an object of class Object\./],
    [{ mirrors: [] }, /addresses for mirrors, received \[\]\./],
    [{ mirrors: 'http://x/' }, /addresses for mirrors, received "http:\/\/x\/"\./],
    [{ mirrors: ['ftp://x/'] }, /addresses for mirrors, received \["ftp:\/\/x\/"\]\./],
    [{ mirrors: ['http://'] }, /addresses for mirrors/],
    [{ directory: '/data' }, /only the options dir, .*, received "directory"/],
  ];
  for (const [options, message] of cases) {
    await t.throwsAsync(datasets.mnist(options as MnistOptions), { instanceOf: InvalidArgumentError, message });
  }
  await t.throwsAsync(datasets.mnist(null as unknown as MnistOptions), { instanceOf: InvalidArgumentError });
});

test('rejects images of another size than 28 x 28', async (t) => {
  const dir = await temporaryFolder(t);
  await putFiles(dir);
  await t.throwsAsync(datasets.mnist({ dir }), {
    instanceOf: DataError,
    message: /train-images.*expected images of shape \[1, 28, 28\] at byte 8, received \[1, 2, 2\]/,
  });
});

/** The published files, where this machine has them: in CNNATIVE_DATA or beside the checkout. */
function realMnist(): string | undefined {
  const folders = [process.env.CNNATIVE_DATA ?? '', join(packageRoot, '..', 'shared', 'data')].map((data) =>
    join(data, 'mnist'),
  );
  return folders.find((folder) => existsSync(join(folder, NAMES.trainImages)));
}

test('reads the published MNIST', async (t) => {
  const dir = realMnist();
  if (dir === undefined) {
    t.log('skipped: no MNIST in CNNATIVE_DATA/mnist');
    t.pass();
    return;
  }
  const { train, test: held } = await datasets.mnist({ dir });
  const counts = (labels: Int32Array) =>
    Array.from({ length: 10 }, (_, digit) => labels.filter((l) => l === digit).length);
  t.deepEqual([train.size, train.shape, train.classes, train.images.length], [60_000, [1, 28, 28], 10, 47_040_000]);
  t.deepEqual([held.size, held.shape, held.classes, held.images.length], [10_000, [1, 28, 28], 10, 7_840_000]);
  // As published on the set's page and counted many times since.
  t.deepEqual(counts(train.labels), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  t.deepEqual(counts(held.labels), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  t.deepEqual([...train.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
  t.deepEqual([...held.labels.subarray(0, 5)], [7, 2, 1, 0, 4]);
  const sum = (train.images as Uint8Array).reduce((total, pixel) => total + pixel, 0);
  t.is((sum / train.images.length / 255).toFixed(4), '0.1307');
});

test.serial('downloads the published MNIST from a mirror', async (t) => {
  const source = realMnist();
  await emptyPlaces(t);
  if (source === undefined) {
    t.log('skipped: no MNIST in CNNATIVE_DATA/mnist');
    t.pass();
    return;
  }
  const address = await localServer(t, async (request, response) => {
    response.end(await readFile(join(source, (request.url ?? '').slice(1))));
  });
  const { train, test: held } = await datasets.mnist({ mirrors: [address] });
  t.is(train.size, 60_000);
  t.is(held.size, 10_000);

  // One wrong pixel among 47 million bytes is noticed.
  await emptyPlaces(t);
  const folder = await temporaryFolder(t);
  for (const name of Object.values(NAMES)) await copyFile(join(source, name), join(folder, name));
  const images = gunzipSync(await readFile(join(source, NAMES.trainImages)));
  images[12_345_678] = (images[12_345_678] as number) ^ 1;
  await writeFile(join(folder, NAMES.trainImages), gzipSync(images, { level: 1 }));
  const forged = await localServer(t, async (request, response) => {
    response.end(await readFile(join(folder, (request.url ?? '').slice(1))));
  });
  await t.throwsAsync(datasets.mnist({ mirrors: [forged] }), { instanceOf: DataError, message: /wrong checksum/ });
});

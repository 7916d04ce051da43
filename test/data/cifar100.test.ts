import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { type Cifar100PartOptions, DataError, type Dataset, datasets, InvalidArgumentError } from 'cnnative';
import { readPythonBatch } from '#lib/data/cifar/python.js';
import { CIFAR10, CIFAR100, type CifarLabels } from '#lib/data/cifar/set.js';
import { type Packed, tarOf, zipOf } from '../helpers/archives.js';
import { fixture, PIXELS } from '../helpers/cifar10-fixtures.js';
import {
  binary100,
  COARSE,
  COARSE_LABELS,
  cifar100Fixture,
  FINE,
  FINE_LABELS,
  python100,
} from '../helpers/cifar100-fixtures.js';
import { localServer } from '../helpers/local-server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const PROTOCOLS = [2, 3, 4, 5];

async function unpack(folder: string, files: readonly Packed[]): Promise<string> {
  for (const { path, bytes } of files) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

function isSet(t: ExecutionContext, set: Dataset, labels: number[], names: readonly string[]): void {
  t.deepEqual([[...set.labels], set.shape, set.size, set.classes], [labels, [3, 32, 32], labels.length, names.length]);
  t.deepEqual(set.classNames, names);
  t.is(Buffer.compare(set.images as Uint8Array, PIXELS.subarray(PIXELS.length - labels.length * 3072)), 0);
}

test('reads both versions with fine and coarse labels', async (t) => {
  const sets = [binary100(), await python100()];
  for (const protocol of PROTOCOLS) sets.push(await python100(`batch-bytes-${protocol}`, `meta-text-${protocol}`));
  for (const [i, files] of sets.entries()) {
    const dir = await unpack(await temporaryFolder(t), files);
    const { train, test: held } = await datasets.cifar100({ dir });
    isSet(t, train, FINE_LABELS, FINE);
    isSet(t, held, i === 0 ? [99] : FINE_LABELS, FINE);
    isSet(t, await datasets.cifar100({ dir, split: 'train', labels: 'coarse' }), COARSE_LABELS, COARSE);
    t.deepEqual([train.mean, train.std], [datasets.catalog.cifar100.mean, datasets.catalog.cifar100.std]);
  }
});

test('reads the archives as they are, and writes nothing', async (t) => {
  const python = await python100();
  const archives: [string, Uint8Array][] = [
    ['cifar-100-binary.tar.gz', gzipSync(tarOf(binary100()))],
    ['cifar-100-python.tar.gz', gzipSync(tarOf(python))],
    ['cifar-100-python.tar', tarOf(python)],
    ['cifar-100-binary.zip', zipOf(binary100())],
  ];
  for (const [name, bytes] of archives) {
    const dir = await temporaryFolder(t);
    await writeFile(join(dir, name), bytes);
    isSet(t, (await datasets.cifar100({ dir })).train, FINE_LABELS, FINE);
    isSet(t, (await datasets.cifar100({ dir: join(dir, name), labels: 'coarse' })).train, COARSE_LABELS, COARSE);
    t.deepEqual(await readdir(dir), [name]);
  }
});

test('an archive whose name does not tell its version is known by its files', async (t) => {
  for (const files of [binary100(), await python100()]) {
    const dir = join(await temporaryFolder(t), 'mine.tgz');
    await writeFile(dir, gzipSync(tarOf(files)));
    isSet(t, (await datasets.cifar100({ dir })).train, FINE_LABELS, FINE);
  }
});

test('an archive must hold the files of the set once', async (t) => {
  const dir = join(await temporaryFolder(t), 'archive.tar.gz');
  const files = binary100();
  await writeFile(dir, gzipSync(tarOf(files.slice(1))));
  await t.throwsAsync(datasets.cifar100({ dir }), {
    instanceOf: DataError,
    message: /received one without train\.bin\./,
  });
  await writeFile(dir, gzipSync(tarOf([...files, ...files.slice(0, 1)])));
  await t.throwsAsync(datasets.cifar100({ dir }), {
    instanceOf: DataError,
    message: /one file named train\.bin, received several/,
  });
  await writeFile(dir, gzipSync(tarOf([...files, { path: '../../evil', bytes: Buffer.from('x') }])));
  await t.throwsAsync(datasets.cifar100({ dir }), {
    instanceOf: DataError,
    message: /paths within the archive, received "\.\.\/\.\.\/evil"/,
  });
  await writeFile(dir, gzipSync(tarOf([{ path: 'a/train.bin', bytes: Buffer.alloc(0), size: 2 ** 30 }])));
  await t.throwsAsync(datasets.cifar100({ dir }), {
    instanceOf: DataError,
    message: /at most 268435456 bytes for a\/train\.bin, received 1073741824/,
  });
});

test('refuses the files of the other set', async (t) => {
  const fine = CIFAR100.labels[1] as CifarLabels;
  const ten = await fixture('batch-python2');
  t.throws(() => readPythonBatch('file', ten, CIFAR100, fine), {
    message: /a batch of CIFAR-100, received one of CIFAR-10\./,
  });
  const hundred = await cifar100Fixture('batch-python2');
  t.throws(() => readPythonBatch('file', hundred, CIFAR10, CIFAR10.labels[0] as CifarLabels), {
    message: /a batch of CIFAR-10, received one of CIFAR-100\. Fetch cifar-10-python\.tar\.gz/,
  });
  const bad = binary100().map(({ path, bytes }) => ({ path, bytes: Buffer.from(bytes) }));
  (bad[0] as { bytes: Buffer }).bytes[3074] = 20;
  const dir = await unpack(await temporaryFolder(t), bad);
  await t.throwsAsync(datasets.cifar100({ dir }), {
    instanceOf: DataError,
    message: /a label from 0 to 19 at byte 3074, received 20 \(image 1\)/,
  });
});

test('rejects options that are not what they should be', async (t) => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ labels: 'rough' }, /one of 'fine', 'coarse' for labels, received "rough"/],
    [{ split: 'all' }, /one of 'train', 'test' for split/],
    [{ files: ['train'] }, /only the options dir, format, labels, split, .* received "files"/],
    [{ mirrors: ['ftp://x'] }, /http or https addresses for mirrors/],
  ];
  for (const [options, message] of cases) {
    await t.throwsAsync(datasets.cifar100(options as unknown as Cifar100PartOptions), {
      instanceOf: InvalidArgumentError,
      message,
    });
  }
});

test.serial('an archive that is not the published one is not kept', async (t) => {
  const before = { CNNATIVE_DATA: process.env.CNNATIVE_DATA, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
  t.teardown(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  delete process.env.CNNATIVE_DATA;
  const cache = await temporaryFolder(t);
  process.env.XDG_CACHE_HOME = cache;
  if (process.platform !== 'linux') {
    t.pass();
    return;
  }
  const asked: (string | undefined)[] = [];
  const mirror = await localServer(t, (request, response) => {
    asked.push(request.url);
    response.end(gzipSync(tarOf(binary100())));
  });
  const expectation = {
    instanceOf: DataError,
    message:
      /cifar-100-binary\.tar\.gz, received .* wrong checksum \(MD5 [0-9a-f]{32}, expected 03b5dce01913d631647c71ecec9e9cb8\).*Without a network/,
  };
  await t.throwsAsync(datasets.cifar100({ mirrors: [mirror] }), expectation);
  await t.throwsAsync(datasets.load('cifar100', { mirrors: [`${mirror}sub`] }), expectation);
  t.deepEqual(asked, ['/cifar-100-binary.tar.gz', '/sub/cifar-100-binary.tar.gz']);
  t.deepEqual(await readdir(join(cache, 'cnnative', 'cifar100')), []);
  // What lies there is read.
  await writeFile(join(cache, 'cnnative', 'cifar100', 'cifar-100-python.tar.gz'), gzipSync(tarOf(await python100())));
  isSet(t, (await datasets.load('cifar100')).train, FINE_LABELS, FINE);
});

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import {
  CheckpointError,
  DataError,
  datasets,
  InvalidArgumentError,
  images,
  layers,
  loadModel,
  ModelFileError,
  sequential,
} from 'cnnative';
import { readConfig } from '#lib/config/read-config.js';
import { readIdx } from '#lib/data/idx.js';
import { readWhole } from '#lib/data/read-whole.js';
import { type Packed, tarOf, zipOf } from '../helpers/archives.js';
import { isEmulated, isWatched } from '../helpers/child.js';
import { fixture } from '../helpers/cifar10-fixtures.js';
import { binary100 } from '../helpers/cifar100-fixtures.js';
import { idxBytes } from '../helpers/idx-file.js';
import { numpyPath } from '../helpers/numpy-fixtures.js';
import { png } from '../helpers/png.js';
import { pictures, resumableModel } from '../helpers/resumable.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { threadTime } from '../helpers/thread-time.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const MEBI = 2 ** 20;

/** What a call takes of memory at most, beyond what the process ever took before. Tests beside it would be counted. */
async function memoryOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.resourceUsage().maxRSS;
  await work();
  return (process.resourceUsage().maxRSS - before) * 1024;
}

/** Calls with the text as argument, by every way a pickle has. */
function callsOf(module: string, name: string, text: string): Buffer[] {
  const unicode = (value: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(value.length);
    return Buffer.concat([latin1('X'), length, latin1(value)]);
  };
  const short = (value: string) => latin1(`\x8c${String.fromCharCode(value.length)}${value}`);
  const pickled = (protocol: number, ...parts: Buffer[]) =>
    Buffer.concat([Buffer.of(0x80, protocol), ...parts, latin1('.')]);
  const global = latin1(`c${module}\n${name}\n`);
  const stackGlobal = Buffer.concat([short(module), short(name), Buffer.of(0x93)]);
  const argument = Buffer.concat([unicode(text), Buffer.of(0x85)]);
  return [
    latin1(`c${module}\n${name}\n(S'${text}'\ntR.`), // protocol 0
    latin1(`(S'${text}'\ni${module}\n${name}\n.`), // INST
    ...[2, 3].map((protocol) => pickled(protocol, global, argument, latin1('R'))),
    ...[4, 5].map((protocol) => pickled(protocol, stackGlobal, argument, latin1('R'))),
    pickled(2, global, argument, Buffer.of(0x81)), // NEWOBJ
    pickled(4, stackGlobal, argument, latin1('}'), Buffer.of(0x92)), // NEWOBJ_EX
    pickled(2, latin1('('), global, unicode(text), latin1('o')), // OBJ
    pickled(2, latin1('}'), unicode('data'), global, argument, latin1('Rs')), // within a dict
    pickled(2, Buffer.of(0x82, 1), argument, latin1('R')), // EXT1
    pickled(2, unicode('id'), latin1('Q')), // BINPERSID
    pickled(2, latin1('cnumpy\ndtype\n'), argument, latin1('R')), // a known name, with what it does not take
    pickled(2, latin1('cnumpy\nndarray\n'), argument, latin1('R')),
    pickled(2, latin1('cnumpy\nndarray\n'), argument, latin1('b')), // BUILD on a class
    pickled(2, latin1('}'), argument, latin1('b')), // BUILD on a dict
  ];
}

test.serial('a pickle that names something to run is refused, and nothing of it runs', async (t) => {
  const folder = await temporaryFolder(t);
  const proof = join(folder, 'it-ran');
  const command = `touch ${proof}`;
  await writeFile(join(folder, 'batches.meta'), await fixture('meta-text-4'));
  const names = [
    ...['os.system', 'posix.system', 'nt.system', 'os.popen', 'subprocess.check_output', 'builtins.eval'],
    ...['builtins.exec', '__builtin__.eval', 'builtins.getattr', 'importlib.import_module', 'numpy.load'],
    ...['numpy.testing._private.utils.runstring', 'toString.constructor', '__proto__.x', 'process.exit'],
  ];
  for (const full of names) {
    const dot = full.lastIndexOf('.');
    for (const [i, bytes] of callsOf(full.slice(0, dot), full.slice(dot + 1), command).entries()) {
      await writeFile(join(folder, 'data_batch_1'), bytes);
      await t.throwsAsync(
        datasets.cifar10({ dir: folder, files: ['data_batch_1'] }),
        { instanceOf: DataError, message: /data_batch_1: expected .*received / },
        `${full} ${i}`,
      );
    }
  }
  t.false(existsSync(proof));
});

test.serial('small gzip files that unpack to large ones take little memory', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'bomb');
  const header = idxBytes([100], []);
  const zeros = gzipSync(new Uint8Array(MEBI), { level: 9 });
  // Members of a gzip file one after another: 1 GiB in a megabyte.
  await writeFile(path, Buffer.concat([gzipSync(header), ...new Array<Buffer>(1024).fill(zeros)]));
  const refusals: [(path: string) => Promise<unknown>, RegExp][] = [
    [readIdx, /the end of the file at byte 108/],
    [(path) => readWhole(path, 65_536), /at most 65536 bytes/],
    [(path) => readWhole(path, MEBI), /at most 1048576 bytes/],
  ];
  const taken = await memoryOf(async () => {
    for (const [read, message] of refusals) {
      await t.throwsAsync(read(path), { instanceOf: DataError, message }, read.name);
    }
  });
  if (!isWatched && !isEmulated) t.true(taken < 64 * MEBI, `${taken} bytes`);
});

test.serial('a few bytes that describe a huge model are refused without memory for it', async (t) => {
  const folder = await temporaryFolder(t);
  await sequential({ inputShape: [2000] }, [layers.dense({ units: 2 })]).save(folder);
  const node = (units: number) => ({ name: 'dense', inputs: ['input'], layer: { type: 'dense', units } });
  const description = { format: 'cnnative', formatVersion: 1, input: { shape: [2000] }, seed: 0 };
  const taken = await memoryOf(async () => {
    for (const units of [100_000, 500_000, 1_000_000]) {
      await writeFile(join(folder, 'model.json'), JSON.stringify({ ...description, nodes: [node(units)] }));
      const message = /weights\.safetensors, received \[2, 2000\]/;
      await t.throwsAsync(loadModel(folder), { instanceOf: ModelFileError, message });
    }
  });
  if (!isWatched && !isEmulated) t.true(taken < 64 * MEBI, `${taken} bytes`);
});

test.serial('long and deep descriptions are refused in time', async (t) => {
  const folder = await temporaryFolder(t);
  const begun = threadTime();
  const nodes = Array.from({ length: 50_000 }, (_, i) => ({
    name: `n${i}`,
    inputs: ['input'],
    layer: { type: 'flatten' },
  }));
  const description = { format: 'cnnative', formatVersion: 1, input: { shape: [2] }, seed: 0 };
  const texts = [
    JSON.stringify({ ...description, nodes }),
    '['.repeat(1_000_000),
    JSON.stringify({ ...description, nodes: 0 }).replace('"nodes":0', `"nodes":[${'['.repeat(1e6)}${']'.repeat(1e6)}]`),
    ' '.repeat(2 ** 26 + 1),
  ];
  for (const text of texts) {
    await writeFile(join(folder, 'model.json'), text);
    await t.throwsAsync(loadModel(folder), { instanceOf: ModelFileError, message: /model\.json/ });
  }
  t.true(threadTime() - begun < 60_000);
});

(process.platform === 'win32' ? test.skip : test.serial)('a named pipe is no file to wait for', async (t) => {
  const folder = await temporaryFolder(t);
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await t.throwsAsync(readIdx(pipe), { instanceOf: DataError, message: /a device/ });
  await t.throwsAsync(images.read(pipe), { instanceOf: DataError, message: /a pipe or a device/ });
  for (const name of ['model.json', 'weights.safetensors']) {
    const saved = join(folder, name.slice(0, 5));
    await mkdir(saved);
    if (name !== 'model.json') await sequential({ inputShape: [2] }, [layers.dense({ units: 2 })]).save(saved);
    execFileSync('rm', ['-f', join(saved, name)]);
    execFileSync('mkfifo', [join(saved, name)]);
    await t.throwsAsync(loadModel(saved), { instanceOf: ModelFileError, message: /a pipe or a device/ });
  }
  await t.throwsAsync(images.read('/dev/zero'), { instanceOf: DataError, message: /a pipe or a device/ });
});

test.serial('pictures that claim to be huge are refused by their header', async (t) => {
  const file = png(4, 3, 1, new Uint8Array(12));
  for (const [width, height] of [
    [65_536, 1],
    [1, 2 ** 31 - 1],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ] as const) {
    const claims = Buffer.from(file);
    claims.writeUInt32BE(width, 16);
    claims.writeUInt32BE(height, 20);
    const message = new RegExp(`at most 65535 rows and columns, received the picture of ${height} x ${width}`);
    await t.throwsAsync(images.read(claims), { instanceOf: DataError, message });
    await t.throwsAsync(images.read(claims.subarray(0, 20)), { instanceOf: DataError, message: /a whole picture/ });
  }
  const many = Buffer.from(file);
  many.writeUInt32BE(12_000, 16);
  many.writeUInt32BE(12_000, 20);
  await t.throwsAsync(images.read(many), {
    instanceOf: DataError,
    message: /a whole picture.*exceeds pixel limit\. Make it smaller/,
  });
  const wide = await images.read(png(65_535, 1, 1, new Uint8Array(65_535).fill(7)), { channels: 1 });
  t.deepEqual(wide.shape, [1, 1, 65_535]);
});

test.serial('names of files do not lead out of the folder', async (t) => {
  const dir = await temporaryFolder(t);
  for (const name of ['../data_batch_1', 'a/b', '/etc/passwd', '..', '.', 'a\\b']) {
    await t.throwsAsync(datasets.cifar10({ dir, files: ['data_batch_1', name] }), {
      instanceOf: InvalidArgumentError,
      message: /expected names of files in the folder for files, received/,
    });
  }
});

test.serial('archives that lead outside write nothing, there or anywhere', async (t) => {
  const outer = await temporaryFolder(t);
  const dir = join(outer, 'folder');
  await mkdir(dir);
  const path = join(dir, 'cifar-100-binary');
  const [train, ...rest] = binary100() as [Packed, ...Packed[]];
  const { bytes } = train;
  const outside = [
    '../train.bin',
    'cifar-100-binary/../../train.bin',
    `${outer}/train.bin`,
    'C:\\train.bin',
    '..\\train.bin',
  ];
  const longName = (name: string): Packed => ({ path: '././@LongLink', bytes: Buffer.from(`${name}\0`), type: 'L' });
  const record = (name: string) => Buffer.from(`${name.length + 9} path=${name}\n`);
  const archives = [
    ...outside.flatMap((name) => {
      const files = [{ path: name, bytes }, ...rest];
      return [tarOf(files), gzipSync(tarOf(files)), zipOf(files)];
    }),
    ...['../../train.bin', '/tmp/train.bin'].flatMap((name) => [
      tarOf([longName(name), train, ...rest]),
      tarOf([{ path: 'pax', bytes: record(name), type: 'x' }, train, ...rest]),
    ]),
    // In place of the file: links, a device, a folder, a pipe; and a link, then a file behind it.
    ...['1', '2', '3', '5', '6'].map((type) => tarOf([{ path: train.path, bytes: Buffer.alloc(0), type }, ...rest])),
    tarOf([{ path: 'cifar-100-binary', bytes: Buffer.alloc(0), type: '2' }, { path: '../passwd', bytes }, ...rest]),
  ];
  for (const [i, archive] of archives.entries()) {
    await writeFile(path, archive);
    const message = /expected (paths within the archive|an archive with the files|a whole (zip|tar))/;
    await t.throwsAsync(datasets.cifar100({ dir: path }), { instanceOf: DataError, message }, `archive ${i}`);
    t.deepEqual(await readdir(outer, { recursive: true }), ['folder', join('folder', 'cifar-100-binary')]);
  }
});

test.serial('archives that unpack to more than a set has take little memory', async (t) => {
  const path = join(await temporaryFolder(t), 'cifar-100-binary');
  const [train, ...rest] = binary100() as [Packed, ...Packed[]];
  const zeros = gzipSync(new Uint8Array(MEBI), { level: 9 });
  const headerOf = (size: number, name = train.path) =>
    gzipSync(tarOf([{ path: name, bytes: Buffer.alloc(0), size }]).subarray(0, 512));
  const gibi = 2 ** 30;
  const bomb = (header: Buffer) => Buffer.concat([header, ...new Array<Buffer>(1100).fill(zeros)]);
  // 64 MiB of zeros that say they are the file's 6148 bytes, or that they are 1 GiB.
  const large = new Uint8Array(64 * MEBI);
  const archives: [Uint8Array, RegExp][] = [
    [bomb(headerOf(gibi)), /expected at most 268435456 bytes for .*train\.bin, received 1073741824/],
    [bomb(headerOf(2 * gibi, 'ignored')), /more than 1073741824 bytes unpacked/],
    [zipOf([{ ...train, bytes: large, size: 6148 }, ...rest]), /expected a whole zip file/],
    [zipOf([{ ...train, bytes: large, size: gibi - 1 }, ...rest]), /expected (at most|a whole zip file)/],
    [zipOf([train, train, ...rest]), /two files named/],
  ];
  for (const [bytes, message] of archives) {
    const taken = await memoryOf(async () => {
      await writeFile(path, bytes);
      await t.throwsAsync(datasets.cifar100({ dir: path }), { instanceOf: DataError, message });
    });
    if (!isWatched && !isEmulated) t.true(taken < 160 * MEBI, `${taken} bytes, ${message}`);
  }
});

test.serial('arrays that claim or unpack to more than allowed are refused without memory for them', async (t) => {
  const folder = await temporaryFolder(t);
  const labels = numpyPath('labels.npy');
  const header = (shape: string) => {
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }\n`;
    const start = Buffer.from('\x93NUMPY\x01\x00\0\0', 'latin1');
    start.writeUInt16LE(text.length, 8);
    return Buffer.concat([start, Buffer.from(text)]);
  };
  const [array, file] = [join(folder, 'a.npy'), join(folder, 'a.npz')];
  const taken = await memoryOf(async () => {
    for (const shape of ['(2, 1000000000)', '(2, 4000000000)', '(2, 9007199254740991)', '(99999999999, 99999999999)']) {
      const bytes = header(shape);
      await writeFile(array, bytes);
      await writeFile(file, zipOf([{ path: 'a.npy', bytes, size: 2 ** 31 }]));
      const expected = { instanceOf: DataError, message: /expected .*received / };
      await t.throwsAsync(datasets.fromNumpy({ images: array, labels }), expected, shape);
      await t.throwsAsync(datasets.fromNumpy({ images: labels, labels: array }), { message: expected.message }, shape);
      await t.throwsAsync(datasets.fromNumpy({ file, images: 'a', labels: 'a' }), expected, shape);
      await t.throwsAsync(datasets.fromFiles({ images: array, labels: [0, 1] }), expected, shape);
      await t.throwsAsync(datasets.fromFiles({ images: numpyPath('u1.npy'), labels: array }), expected, shape);
    }
  });
  if (!isWatched && !isEmulated) t.true(taken < 64 * MEBI, `${taken} bytes`);
});

(process.platform === 'win32' ? test.skip : test.serial)(
  'neither a configuration nor a checkpoint is read from a pipe or a device',
  async (t) => {
    const folder = await temporaryFolder(t);
    const pipe = join(folder, 'checkpoint-000000001.safetensors');
    execFileSync('mkfifo', [pipe]);
    const message = /a pipe or a device/;
    for (const path of [pipe, '/dev/zero']) await t.throwsAsync(readConfig(path), { instanceOf: DataError, message });
    const resumed = resumableModel().fit(pictures(8), { resume: folder });
    await t.throwsAsync(resumed, { instanceOf: CheckpointError, message });
    await writeFile(join(folder, 'config.json'), ' '.repeat(2 ** 24 + 1));
    await t.throwsAsync(readConfig(join(folder, 'config.json')), {
      instanceOf: DataError,
      message: /at most 16777216/,
    });
  },
);

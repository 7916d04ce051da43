import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { DataError, datasets, type FromNumpyOptions, InvalidArgumentError, ShapeError } from 'cnnative';
import { zipOf } from '../../helpers/archives.js';
import { NUMPY_VALUES, numpyPath } from '../../helpers/numpy-fixtures.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

const labels = numpyPath('labels.npy');
const read = (name: string, options: Partial<FromNumpyOptions> = {}) =>
  datasets.fromNumpy({ images: numpyPath(name), labels, ...options } as FromNumpyOptions & { labels: string });

test('reads every dtype, byte order and version', async (t) => {
  const numbers = ['u2', 'i2', 'i4', 'u8', 'i8', 'f4', 'f8'].flatMap((type) => [`little-${type}`, `big-${type}`]);
  const names = [...numbers.filter((name) => name !== 'little-u4'), 'little-u4', 'i1', 'u1', 'columns-u1'];
  for (const name of [...names, 'columns-big-f8', 'version-1', 'version-2', 'version-3']) {
    const set = await read(`${name}.npy`);
    t.deepEqual([...set.images], NUMPY_VALUES, name);
    t.deepEqual([set.shape, set.size, set.classes, [...set.labels]], [[3, 4, 5], 2, 2, [1, 0]], name);
    t.is(set.images instanceof Uint8Array, /^(u1|columns-u1|version-.)$/.test(name), name);
  }
  t.deepEqual(
    [...(await read('bool.npy')).images],
    NUMPY_VALUES.map((value) => value % 2),
  );
});

test('brings channels to the front', async (t) => {
  for (const name of ['u1', 'big-i2', 'little-f4', 'big-f8', 'columns-u1', 'columns-big-f8']) {
    const { images, shape } = await read(`${name}.npy`, { layout: 'NHWC' });
    t.deepEqual(shape, [5, 3, 4], name);
    let at = 0;
    for (let n = 0; n < 2; n++) {
      for (let c = 0; c < 5; c++) {
        for (let y = 0; y < 3; y++) {
          for (let x = 0; x < 4; x++) t.is(images[at++], NUMPY_VALUES[((n * 3 + y) * 4 + x) * 5 + c], `${name} ${at}`);
        }
      }
    }
  }
});

test('reads npz files by the names of their arrays', async (t) => {
  for (const name of ['stored.npz', 'deflated.npz']) {
    const set = await datasets.fromNumpy({ file: numpyPath(name), images: 'x_train', labels: 'y_train', classes: 3 });
    t.deepEqual([[...set.images], [...set.labels], set.classes], [NUMPY_VALUES, [1, 0], 3]);
    const targeted = await datasets.fromNumpy({ file: numpyPath(name), images: 'x_train.npy', targets: 'targets' });
    t.deepEqual([[...targeted.targets], targeted.targetShape], [[0.5, 2], [1]]);
  }
  const missing = datasets.fromNumpy({ file: numpyPath('stored.npz'), images: 'x', labels: 'y_train' });
  await t.throwsAsync(missing, {
    instanceOf: DataError,
    message: /named "x" for images, received x_train, y_train, targets\./,
  });
});

test('reads labels as a column, targets of several numbers, and gzip', async (t) => {
  t.deepEqual([...(await read('u1.npy', { labels: numpyPath('labels-column.npy') })).labels], [4, 2]);
  const {
    labels: none,
    targets,
    targetShape,
  } = await datasets.fromNumpy({
    images: numpyPath('u1.npy'),
    targets: numpyPath('targets.npy'),
  });
  t.deepEqual([none, [...targets], targetShape], [undefined, [0.5, 1.5, 2.5, -1], [2]]);
  const packed = join(await temporaryFolder(t), 'images.npy.gz');
  await writeFile(packed, gzipSync(await readFile(numpyPath('u1.npy'))));
  t.deepEqual([...(await datasets.fromNumpy({ images: packed, labels })).images], NUMPY_VALUES);
});

test('refuses dtypes that are no numbers, and evaluates nothing', async (t) => {
  for (const [name, received] of [
    ['objects', '|O'],
    ['complex', '<c8'],
    ['float16', '<f2'],
  ]) {
    const message = `received "${received}". Convert the array with astype`;
    const error = await t.throwsAsync(read(`${name}.npy`), { instanceOf: DataError });
    t.true(error.message.includes(message) && error.message.startsWith(numpyPath(`${name}.npy`)), error.message);
  }
  await t.throwsAsync(read('structured.npy'), {
    instanceOf: DataError,
    message: /\(of no structured dtype\), received "\[\('a', /,
  });
  for (const name of ['scalar', 'empty']) {
    await t.throwsAsync(read(`${name}.npy`), { instanceOf: ShapeError, message: /expected images \[N, C, H, W\]/ });
  }
});

/** An npy file of one byte an item with this header. */
function npy(header: string, bytes = 4, version = 1): Buffer {
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY', 0, 'latin1');
  head[6] = version;
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, Buffer.from(header, 'latin1'), Buffer.alloc(bytes)]);
}

test('a file must be whole and its header plain', async (t) => {
  const good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }\n";
  const cases: [Buffer, RegExp][] = [
    [Buffer.from('hello'), /expected \\x93NUMPY and a version at byte 0/],
    [npy(good, 4, 4), /expected version 1\.0, 2\.0 or 3\.0 at byte 6, received 4\.0/],
    [npy(''), /expected the length of a header, 1 to 65536, at byte 8, received 0/],
    [npy(good).subarray(0, 30), /expected in the header at byte 10 \d+ bytes, received 20/],
    [
      npy(good, 3),
      /expected 74 bytes, as its shape \[2, 2\] of \|u1 asks for, received the end of the file at byte 73/,
    ],
    [npy(good, 5), /expected the end of the file at byte 74, .* received more bytes/],
    [npy(good.replace('(2, 2)', '(2, 99999999)'), 4), /received the end of the file at byte/],
    [npy(good.replace('(2, 2)', '(2, 9999999999)'), 4), /at most 2147483648 bytes, received one of 19999999998/],
    [npy(good.replace('(2, 2)', '(2, -2)')), /a dict of texts, numbers and tuples .*, received "-2/],
    [npy(good.replace('(2, 2)', '__import__("os").system("x")')), /structured dtype\), received "__import__/],
    [npy(good.replace('False', '0')), /True or False for fortran_order, received 0/],
    [npy(good.replace("'shape': (2, 2), ", '')), /without one of them/],
    [npy(good.replace('}', "'shape': (4,)}")), /once each, received shape/],
    [npy(good.replace('}', '} }')), /the end of the dict, received }/],
  ];
  const path = join(await temporaryFolder(t), 'images.npy');
  for (const [bytes, message] of cases) {
    await writeFile(path, bytes);
    const error = await t.throwsAsync(datasets.fromNumpy({ images: path, labels }), { instanceOf: DataError, message });
    t.true(error.message.startsWith(path));
  }
  await writeFile(path, npy(good.replace('(2, 2)', '(2L, 2L,)').replaceAll("'", '"')));
  t.is((await datasets.fromNumpy({ images: path, labels })).size, 2);
});

test('values and shapes must be those of a set', async (t) => {
  const floats = (await readFile(numpyPath('little-f4.npy'))).subarray(0);
  floats.writeFloatLE(Number.NaN, floats.length - 4);
  const path = join(await temporaryFolder(t), 'nan.npy');
  await writeFile(path, floats);
  const set = { images: path, labels };
  await t.throwsAsync(datasets.fromNumpy(set), {
    instanceOf: DataError,
    message: /nan\.npy: expected finite numbers within float32, received NaN at index 119/,
  });
  const wrong = (name: string) => read('u1.npy', { labels: numpyPath(name) });
  await t.throwsAsync(wrong('u1.npy'), {
    instanceOf: ShapeError,
    message: /labels of 2 samples, .* received \[2, 3, 4, 5\]/,
  });
  await t.throwsAsync(wrong('little-f4.npy'), { instanceOf: ShapeError });
  await t.throwsAsync(wrong('absent.npy'), { instanceOf: DataError, message: /absent\.npy: expected a readable file/ });
  await t.throwsAsync(read('u1.npy', { classes: 1 }), { instanceOf: DataError, message: /labels from 0 to 0/ });
});

test('a bomb is refused before it is unpacked', async (t) => {
  const bomb = { file: numpyPath('bomb.npz'), images: 'x', labels: 'y' };
  t.is((await datasets.fromNumpy(bomb)).images.length, 4_000_000);
  const refused = {
    instanceOf: DataError,
    message: /bomb\.npz, x\.npy: expected an array of at most 1000000 bytes, received one of 4000000/,
  };
  await t.throwsAsync(datasets.fromNumpy({ ...bomb, memoryLimit: '1MB' }), refused);
});

test('a damaged zip file is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'set.npz');
  const bytes = await readFile(numpyPath('stored.npz'));
  const open = () => datasets.fromNumpy({ file: path, images: 'x_train', labels: 'y_train' });
  const at = bytes.indexOf(Buffer.from(NUMPY_VALUES.slice(0, 9)));
  bytes[at] = 200;
  await writeFile(path, bytes);
  await t.throwsAsync(open(), { instanceOf: DataError, message: /x_train\.npy: .* a wrong checksum \(CRC-32\)/ });
  await writeFile(path, bytes.subarray(0, 300));
  await t.throwsAsync(open(), { instanceOf: DataError, message: /set\.npz: expected a whole zip file/ });
  await writeFile(path, zipOf([{ path: '../x_train.npy', bytes: Buffer.from('x') }]));
  await t.throwsAsync(open(), { instanceOf: DataError });
  await writeFile(
    path,
    zipOf([
      { path: 'a', bytes: Buffer.from('x') },
      { path: 'a', bytes: Buffer.from('y') },
    ]),
  );
  await t.throwsAsync(open(), { message: /two files named a/ });
  await copyFile(numpyPath('u1.npy'), path);
  await t.throwsAsync(open(), { instanceOf: DataError });
});

test('rejects options that are not what they should be', async (t) => {
  const good = { images: numpyPath('u1.npy'), labels };
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ images: 3, labels }, /a non-empty string for images, received 3/],
    [{ images: 'x' }, /the array of the labels or of the targets, received neither/],
    [{ ...good, layout: 'HWC' }, /one of 'NCHW', 'NHWC' for layout, received "HWC"/],
    [{ ...good, memoryLimit: 'much' }, /for memoryLimit, received "much"/],
    [{ ...good, file: '' }, /a non-empty string for file/],
    [{ ...good, weights: 'w' }, /only the options file, images, .* received "weights"/],
  ];
  for (const [options, message] of cases) {
    await t.throwsAsync(datasets.fromNumpy(options as never), { instanceOf: InvalidArgumentError, message });
  }
});

import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { DataError, datasets, type FromFilesOptions, InvalidArgumentError, ShapeError } from 'cnnative';
import { countingBytes, idxBytes } from '../../helpers/idx-file.js';
import { pictureModel, pictures } from '../../helpers/streamed.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';
import { trained } from '../../helpers/trained.js';

// Written by numpy.lib.format.write_array of NumPy 1.24.
const NPY = {
  /** arange(24, dtype='u1').reshape(4, 2, 3) */
  pixels:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsIDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhc=',
  /** (arange(8) / 4 - 1).astype('<f4').reshape(4, 2) */
  floats:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIC/AABAvwAAAL8AAIC+AAAAAAAAgD4AAAA/AABAPw==',
  /** The same as '>f4', in version 2.0 */
  swapped:
    'k05VTVBZAgB0AAAAeydkZXNjcic6ICc+ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoNCwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAq/gAAAv0AAAL8AAAC+gAAAAAAAAD6AAAA/AAAAP0AAAA==',
  /** array([0, 2, 1, 2], dtype='<i8') */
  labels:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAIAAAAAAAAAAQAAAAAAAAACAAAAAAAAAA==',
  /** array([0, 2, 1, 2], dtype='>u2') */
  shorts:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPnUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAACAAEAAg==',
  /** asfortranarray(arange(6, dtype='u1').reshape(2, 3)) */
  fortran:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAwEEAgU=',
} as const;
const npy = (name: keyof typeof NPY) => Buffer.from(NPY[name], 'base64');
const FLOATS = Float32Array.from({ length: 8 }, (_, i) => i / 4 - 1);

async function files(t: ExecutionContext, images: Uint8Array, labels: Uint8Array) {
  const folder = await temporaryFolder(t);
  const paths = { images: join(folder, 'images'), labels: join(folder, 'labels') };
  await writeFile(paths.images, images);
  await writeFile(paths.labels, labels);
  return paths;
}

function floatIdx(values: readonly number[], shape: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeFloatBE(value, 4 * i);
  return idxBytes(shape, bytes, 0x0d);
}

const LABELS = Int32Array.of(0, 2, 1, 2);

test('IDX and npy files are sets, of bytes or floats in either order', async (t) => {
  const cases = [
    [idxBytes([4, 2, 3], countingBytes(24)), idxBytes([4], LABELS as never), [1, 2, 3], countingBytes(24)],
    [idxBytes([4, 3, 1, 2], countingBytes(24)), npy('labels'), [3, 1, 2], countingBytes(24)],
    [npy('pixels'), npy('shorts'), [1, 2, 3], countingBytes(24)],
    [npy('floats'), idxBytes([4], [0, 0, 0, 2, 0, 1, 0, 2], 0x0b), [2], FLOATS],
    [npy('swapped'), npy('labels'), [2], FLOATS],
    [floatIdx([...FLOATS], [4, 2]), npy('labels'), [2], FLOATS],
  ] as const;
  for (const [images, labels, shape, expected] of cases) {
    const set = await datasets.fromFiles(await files(t, images, labels));
    t.deepEqual(await set.toMemory(), { images: expected, labels: LABELS, shape: [...shape], size: 4, classes: 3 });
    const into = expected.slice(0, (3 * expected.length) / 4);
    await set.read(Int32Array.of(3, 0, 3), into);
    const width = expected.length / 4;
    const rows = [3, 0, 3].flatMap((i) => [...expected.subarray(i * width, (i + 1) * width)]);
    t.deepEqual([...into], rows);
  }
});

/** What numpy.save writes for an array in C order. */
function npyOf(descr: string, shape: string, bytes: Uint8Array): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${text}\n`), bytes]);
}

test('truth values are bytes, and labels of any integer dtype are a row or a column', async (t) => {
  const images = npyOf('|b1', '(4, 2)', Buffer.of(0, 1, 1, 0, 1, 1, 0, 0));
  const wide = Buffer.alloc(32);
  for (const [i, label] of LABELS.entries()) wide.writeBigUInt64BE(BigInt(label), 8 * i);
  for (const labels of [npyOf('>u8', '(4, 1)', wide), npyOf('|i1', '(4,)', Buffer.from(LABELS))]) {
    const set = await datasets.fromFiles(await files(t, images, labels));
    t.deepEqual(set.labels, LABELS);
    t.deepEqual([...(await set.toMemory()).images], [0, 1, 1, 0, 1, 1, 0, 0]);
  }
  await t.throwsAsync(datasets.fromFiles(await files(t, images, npyOf('|u1', '(2, 2)', Buffer.of(0, 1, 2, 0)))), {
    instanceOf: DataError,
    message: /expected integers of one dimension, received uint8 \[2, 2\]/,
  });
});

test('labels may be given, names as well, and another shape of as many elements', async (t) => {
  const { images } = await files(t, npy('pixels'), new Uint8Array(0));
  const set = await datasets.fromFiles({ images, labels: [0, 1, 1, 0], classNames: ['a', 'b', 'c'], shape: [3, 2, 1] });
  t.deepEqual([set.classes, set.classNames, set.shape, set.size], [3, ['a', 'b', 'c'], [3, 2, 1], 4]);
  await t.throwsAsync(datasets.fromFiles({ images, labels: [0, 1, 1, 0], shape: [5] }), {
    instanceOf: InvalidArgumentError,
    message: /expected a shape of 6 elements, .* received \[5\]/,
  });
  await t.throwsAsync(datasets.fromFiles({ images, labels: [0, 1, 1, 0], shape: [6.5] }), { instanceOf: ShapeError });
  await t.throwsAsync(datasets.fromFiles({ images, labels: [0, 1, 1] }), {
    instanceOf: DataError,
    message: /labels: expected 4 labels, as many as there are samples in .*images, received 3/,
  });
  await t.throwsAsync(datasets.fromFiles({ images, labels: [0, 1, 1, 3], classes: 3 }), {
    message: /expected labels from 0 to 2, received 3 at position 3/,
  });
  await t.throwsAsync(datasets.fromFiles({ images, labels: [0], readAhead: 'much' }), { message: /for readAhead/ });
  await t.throwsAsync(datasets.fromFiles({ image: images } as unknown as FromFilesOptions), { message: /"image"/ });
});

test('a set on disk trains like the same in memory, to the bit', async (t) => {
  const set = pictures(300);
  const paths = await files(t, idxBytes([300, 1, 8, 8], set.images as Uint8Array), idxBytes([300], [...set.labels]));
  const options = { epochs: 3, batchSize: 16 };
  t.deepEqual(
    await trained(pictureModel(), await datasets.fromFiles({ ...paths, readAhead: 8000 }), options),
    await trained(pictureModel(), set, options),
  );
});

test('a file cut short or gone while a set is in use ends the training, naming file and sample', async (t) => {
  const paths = await files(t, idxBytes([300, 8, 8], countingBytes(300 * 64)), idxBytes([300], new Uint8Array(300)));
  const set = await datasets.fromFiles({ ...paths, classes: 5 });
  const model = pictureModel();
  await truncate(paths.images, 16 + 100 * 64 + 10);
  await t.throwsAsync(model.fit(set, { shuffle: false }), {
    instanceOf: DataError,
    message:
      `${paths.images}: expected 64 bytes of sample 100 at byte 6416, received the end of the file at byte 6426. ` +
      'The file was changed or is damaged.',
  });
  await rm(paths.images);
  await t.throwsAsync(model.fit(set), {
    instanceOf: DataError,
    message: `${paths.images}: expected a readable file, received: No such file or directory.`,
  });
});

test('a float that is not finite is found when it is read', async (t) => {
  const values = [0, 1, 2, 3, 4, Number.NaN, 6, 7];
  const set = await datasets.fromFiles(await files(t, floatIdx(values, [4, 2]), npy('labels')));
  await set.read(Int32Array.of(1, 3), new Float32Array(4));
  await t.throwsAsync(set.read(Int32Array.of(3, 2), new Float32Array(4)), {
    instanceOf: DataError,
    message: /of sample 2 at byte 28, received a number that is not finite at byte 32/,
  });
});

test('tells what is wrong with a file', async (t) => {
  const labels = idxBytes([4], [0, 1, 2, 0]);
  const good = idxBytes([4, 2, 3], countingBytes(24));
  const cases: [Uint8Array, Uint8Array, RegExp][] = [
    [gzipSync(good), labels, /received a gzip one, which has no positions. Unpack it: gunzip/],
    [good.subarray(0, -1), labels, /expected 40 bytes, .* received 39/],
    [Buffer.concat([good, Buffer.of(0)]), labels, /expected 40 bytes, .* received 41/],
    [idxBytes([4, 0, 3], []), labels, /expected a size of at least 1 for dimension 1 at byte 8, received 0/],
    [good.subarray(0, 9), labels, /expected the 4-byte size of dimension 1 at byte 8, received the end of the file/],
    [new Uint8Array(0), labels, /begins otherwise/],
    [Buffer.from('hello'), labels, /begins otherwise/],
    [npy('fortran'), labels, /received one in Fortran order/],
    [npy('pixels').subarray(0, 40), labels, /expected in the header at byte 10 118 bytes, received 30/],
    [npy('pixels').subarray(0, 7), labels, /expected \\x93NUMPY and a version at byte 0/],
    [npy('labels'), labels, /expected elements of uint8 or float32, received int64/],
    [
      idxBytes([5, 2 ** 32 - 1, 3], []),
      labels,
      /each from 1 to 2147483647, and fewer than 1125899906842624 elements, received \[5, 4294967295, 3\]\. The file is/,
    ],
    [
      idxBytes([2 ** 30, 2 ** 20], []),
      labels,
      /fewer than 1125899906842624 elements, received \[1073741824, 1048576\]/,
    ],
    [npyOf('|u1', '()', Buffer.of(0)), labels, /expected at least one dimension, .* received \[\]/],
    [npyOf('|u1', '(4, 0)', Buffer.of()), labels, /each from 1 to 2147483647, .* received \[4, 0\]/],
    [idxBytes([4], [0, 0, 0, 0]), labels, /expected 2 to 4 dimensions/],
    [good, good, /expected integers of one dimension, received uint8 \[4, 2, 3\]/],
    [good, idxBytes([3], [0, 1, 2]), /expected 4 labels, as many as there are samples/],
    [good, idxBytes([4], [0, 0, 0, 1, 0xff, 0xff, 0, 0], 0x0b), /received -1 at byte 12 \(label 2\)/],
  ];
  for (const [images, own, message] of cases) {
    await t.throwsAsync(datasets.fromFiles(await files(t, images, own)), { instanceOf: DataError, message });
  }
  await t.throwsAsync(datasets.fromFiles({ images: '/nowhere/x', labels: [0] }), {
    instanceOf: DataError,
    message: '/nowhere/x: expected a readable file, received no file of that name.',
  });
});

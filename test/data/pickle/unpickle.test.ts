import test from 'ava';
import { DataError } from 'cnnative';
import { unpickle } from '#lib/data/pickle/unpickle.js';
import { NumpyArray } from '#lib/data/pickle/values.js';
import { BATCHES, fixture, LABELS, METAS, PIXELS } from '../../helpers/cifar10-fixtures.js';
import { threadTime } from '../../helpers/thread-time.js';

/** A pickle from texts, bytes as numbers. */
const pickle = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part, 'latin1'))));

const load = (...parts: (string | number)[]) => unpickle('file', pickle(0x80, 2, ...parts));

for (const name of BATCHES) {
  test(`reads ${name}`, async (t) => {
    const dict = unpickle(name, await fixture(name)) as Map<string, unknown>;
    t.deepEqual([...dict.keys()].sort(), ['batch_label', 'data', 'filenames', 'labels']);
    const data = dict.get('data') as NumpyArray;
    t.deepEqual(data.shape, [2, 3072]);
    t.true(data.data instanceof Uint8Array);
    t.deepEqual(Buffer.from(data.data as Uint8Array), Buffer.from(PIXELS));
    const labels = dict.get('labels') as unknown[] | NumpyArray;
    t.deepEqual([...(labels instanceof NumpyArray ? labels.data : labels)].map(Number), LABELS);
    const files = (dict.get('filenames') as (string | Uint8Array)[]).map((file) => Buffer.from(file).toString());
    t.deepEqual(files, ['frog_1.png', 'truck_2.png']);
  });
}

test('reads integers, truth, None, tuples and strings', (t) => {
  t.deepEqual(load('(K', 255, 'M', 1, 2, 'J', 0xfe, 0xff, 0xff, 0xff, 't.'), [255, 513, -2]);
  t.deepEqual(load('(', 0x8a, 0, 0x8a, 1, 0x80, 0x8a, 6, 0, 0, 0, 0, 0, 1, 't.'), [0, -128, 2 ** 40]);
  t.deepEqual(load(0x88, 0x89, 'N', 0x87, '.'), [true, false, null]);
  t.deepEqual(load('X', 2, 0, 0, 0, 0xc3, 0xa9, '.'), 'é');
  t.deepEqual(load('U', 2, 0xc3, 0xa9, '.'), Uint8Array.of(0xc3, 0xa9));
});

test('reads arrays of every type, in both byte orders and both layouts', (t) => {
  const array = (code: string, order: string, columns: number, sizes: number[], bytes: number[]) =>
    load(
      'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK',
      0,
      0x85,
      `U\x01btR(K\x01(${sizes.map((size) => `K${String.fromCharCode(size)}`).join('')}tcnumpy\ndtype\n(U\x02${code}K\x00K\x01tR`,
      `(K\x03U\x01${order}tb`,
      columns,
      `U${String.fromCharCode(bytes.length)}`,
      ...bytes,
      'tb.',
    ) as NumpyArray;
  t.deepEqual(array('i1', '|', 0x89, [2], [255, 1]).data, Int8Array.of(-1, 1));
  t.deepEqual(array('u2', '<', 0x89, [2], [1, 2, 3, 4]).data, Uint16Array.of(0x0201, 0x0403));
  t.deepEqual(array('u2', '>', 0x89, [2], [1, 2, 3, 4]).data, Uint16Array.of(0x0102, 0x0304));
  t.deepEqual(array('i4', '>', 0x89, [1], [255, 255, 255, 254]).data, Int32Array.of(-2));
  t.deepEqual(array('i8', '<', 0x89, [1], [254, ...new Array(7).fill(255)]).data, BigInt64Array.of(-2n));
  t.deepEqual(array('f4', '<', 0x89, [1], [0, 0, 0x80, 0x3f]).data, Float32Array.of(1));
  // Element [i, j, k] of an array [2, 3, 2] holds ijk; columns first, i runs fastest.
  const columns = [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121];
  const rows = [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121];
  t.deepEqual([...array('u1', '|', 0x88, [2, 3, 2], columns).data], rows);
  t.throws(() => array('u1', '|', 0x89, [2, 3], [1, 2]), { message: /expected 6 bytes for an array \[2, 3\] of u1/ });
  t.throws(() => array('O8', '|', 0x89, [1], [1]), { message: /expected a dtype of numbers \(u1, .*received "O8"/ });
});

test('reads what numpy 1 writes in protocol 5', async (t) => {
  const bytes = await fixture('batch-text-5');
  const at = bytes.indexOf('\x13numpy._core.numeric', 0, 'latin1');
  const older = Buffer.concat([bytes.subarray(0, at), pickle('\x12numpy.core.numeric'), bytes.subarray(at + 20)]);
  // The frame is a byte shorter.
  older.writeBigUInt64LE(older.readBigUInt64LE(3) - 1n, 3);
  const dict = unpickle('older', older) as Map<string, NumpyArray>;
  t.deepEqual(dict.get('data')?.shape, [2, 3072]);
});

test('a name outside of the list is refused and never called', (t) => {
  const names = ['posix.system', 'builtins.eval', 'numpy.load', 'numpy.ndarray.tofile', 'collections.OrderedDict'];
  for (const name of names) {
    const dot = name.lastIndexOf('.');
    const [module, attribute] = [name.slice(0, dot), name.slice(dot + 1)];
    const expectation = {
      instanceOf: DataError,
      message: new RegExp(`^file: expected only names .*"${name}" at byte`),
    };
    t.throws(() => load(`c${module}\n${attribute}\n(U\x04exittR.`), expectation);
    const short = (text: string) => `\x8c${String.fromCharCode(text.length)}${text}`;
    t.throws(() => load(short(module), short(attribute), 0x93, '.'), expectation);
  }
  // Names of JavaScript's own objects are no names here.
  for (const name of ['constructor', '__proto__', 'toString'])
    t.throws(() => load(`c${name}\n${name}\n.`), { instanceOf: DataError });
});

test('keys of a dict are data, whatever their names', (t) => {
  const dict = load('}U\x09__proto__K\x01s.') as unknown as Map<string, unknown>;
  t.deepEqual([...dict], [['__proto__', 1]]);
  t.is(({} as Record<string, unknown>).polluted, undefined);
});

const BAD: [string, Buffer, RegExp][] = [
  ['an empty file', pickle(), /expected 1 more bytes at byte 0, received the end of the file at byte 0/],
  ['no pickle', pickle('hello'), /expected an instruction for plain data at byte 0, received 0x68|remembered/],
  ['protocol 0', pickle('(dp0\n.'), /expected an instruction for plain data at byte 1, received 0x64/],
  ['an unknown protocol', pickle(0x80, 6, 'N.'), /expected a protocol from 2 to 5 at byte 0, received 6/],
  ['more behind the end', pickle('N.N'), /expected the end of the file at byte 2, received more bytes/],
  ['a string cut short', pickle('U', 9, 'abc'), /expected 9 more bytes at byte 0, received the end of the file/],
  ['a length of 2^64', pickle(0x8e, '\xff'.repeat(8), '.'), /more bytes at byte 0, received the end of the file/],
  ['an empty stack', pickle('.'), /expected 1 values on the stack at byte 0/],
  ['values below a mark', pickle('N(', 0x85, '.'), /expected 1 values on the stack at byte 2/],
  ['no mark', pickle('Nt.'), /expected a mark on the stack at byte 1/],
  ['a number to append to', pickle('K', 1, 'K', 2, 'a.'), /expected a list to append to at byte 4, received 1/],
  ['a list for a dict', pickle(']NNs.'), /expected a dict to put items into at byte 3, received a list of 0/],
  ['a key alone', pickle('}(U', 1, 'au.'), /expected a value for each key of a dict at byte 5/],
  ['a number for a key', pickle('}K', 1, 'Ns.'), /expected a string for the key of a dict at byte 4, received 1/],
  ['nothing to remember', pickle('q', 0, '.'), /expected a value to remember at byte 0/],
  ['a number not remembered', pickle('h', 7, '.'), /expected a value remembered before at byte 0, received number 7/],
  ['bytes that are no UTF-8', pickle('X', 1, 0, 0, 0, 0xff, '.'), /expected a string in UTF-8 at byte 0/],
  ['an integer of 9 bytes', pickle(0x8a, 9, '\0'.repeat(9), '.'), /expected an integer of at most 8 bytes/],
  ['an integer of 2^62', pickle(0x8a, 8, '\0'.repeat(7), 0x40, '.'), /expected an integer below 2\^53/],
  ['a call of a number', pickle('K', 1, ')R.'), /expected a name to call at byte 3, received 1/],
  [
    'a call of a class',
    pickle('cnumpy\nndarray\n)R.'),
    /expected a function to call at byte 16, received numpy\.ndarray/,
  ],
  ['another encoding', pickle('c_codecs\nencode\n(U\x01aU\x01btR.'), /expected a string and 'latin1'/],
  ['state of a list', pickle('])b.'), /expected an array or a dtype to set the state of at byte 2, received a list/],
  [
    'a name without an end',
    pickle('c', 'a'.repeat(500)),
    /expected the name of a module or class, of at most 100 bytes/,
  ],
  [
    'a long name',
    pickle('c', 'a'.repeat(90), '\n', 'b'.repeat(90), '\n.'),
    /expected only names .* received "a{60}\.\.\."/,
  ],
];
for (const [what, bytes, message] of BAD) {
  test(`rejects ${what}`, (t) => {
    const error = t.throws(() => unpickle('some/file', bytes), { instanceOf: DataError, message });
    t.true(error.message.startsWith('some/file: expected '));
  });
}

test('a file cut anywhere is an error', async (t) => {
  for (const name of [...METAS, 'batch-python2', 'batch-text-4']) {
    const bytes = await fixture(name);
    const step = bytes.length > 1000 ? 61 : 1;
    for (let length = 0; length < bytes.length; length += step) {
      t.throws(() => unpickle(name, bytes.subarray(0, length)), { instanceOf: DataError });
    }
  }
});

test('a small file cannot ask for much memory or time', (t) => {
  const megabyte = 'x'.repeat(2 ** 20);
  const remembered = pickle('X', 0, 0, 0x10, 0, megabyte, 'q', 1, 'X', 6, 0, 0, 0, 'latin1q', 2);
  const bombs: [string, Buffer][] = [
    // A megabyte turned into bytes, or into a key, a hundred thousand times over.
    ['encoded again and again', pickle('c_codecs\nencode\nq', 3, 'h\x03h\x01h\x02\x86R'.repeat(100_000), '.')],
    ['names joined', pickle('h\x01h\x01\x93'.repeat(100_000), '.')],
    ['lists without end', pickle(']'.repeat(3_000_000), '.')],
    ['marks without end', pickle('('.repeat(3_000_000), '.')],
  ];
  const begun = threadTime();
  for (const [what, bomb] of bombs) {
    t.throws(() => unpickle('bomb', Buffer.concat([remembered, bomb])), { instanceOf: DataError }, what);
  }
  const key = pickle('B', 0, 0, 0x10, 0, megabyte, 'q', 1, '}', 'h\x01Ns'.repeat(100_000), '.');
  t.throws(() => unpickle('bomb', key), { instanceOf: DataError, message: /expected copies of at most/ });
  t.true(threadTime() - begun < 20_000);
});

test('a list that holds itself is read', (t) => {
  const list = load(']q', 0, 'h', 0, 'a.') as unknown[];
  t.is(list[0], list);
});

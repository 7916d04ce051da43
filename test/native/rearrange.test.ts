import test from 'ava';
import { native } from '#lib/native.js';

const source = Uint8Array.from({ length: 24 }, (_, i) => i);

test('copies items in the order of the axes asked for', (t) => {
  // [2, 3, 4] as [4, 2, 3], of each item size.
  for (const Items of [Uint8Array, Uint16Array, Uint32Array, BigUint64Array]) {
    const items =
      Items === BigUint64Array ? BigUint64Array.from(source, BigInt) : (Items as typeof Uint16Array).from(source);
    const out = new Items(24);
    const bytes = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer);
    native.rearrange(bytes(out), bytes(items), Items.BYTES_PER_ELEMENT, [4, 2, 3], [1, 12, 4], 0, 4);
    const expected: number[] = [];
    for (let x = 0; x < 4; x++)
      for (let n = 0; n < 2; n++) for (let c = 0; c < 3; c++) expected.push(n * 12 + c * 4 + x);
    t.deepEqual([...out].map(Number), expected);
  }
  const part = new Uint8Array(6);
  native.rearrange(part, source, 1, [4, 2, 3], [1, 12, 4], 2, 3);
  t.deepEqual([...part], [2, 6, 10, 14, 18, 22]);
});

test('refuses what would lead outside an array', (t) => {
  const run = (changes: Record<string, unknown>) => {
    const good = {
      out: new Uint8Array(24),
      source,
      itemBytes: 1,
      shape: [4, 2, 3],
      strides: [1, 12, 4],
      begin: 0,
      end: 4,
    };
    const { out, itemBytes, shape, strides, begin, end, source: from } = { ...good, ...changes } as typeof good;
    native.rearrange(out, from, itemBytes, shape, strides, begin, end);
  };
  t.notThrows(() => run({}));
  const bad: Record<string, unknown>[] = [
    { out: new Uint8Array(23) },
    { out: new Uint8Array(25) },
    { source: source.subarray(0, 23) },
    { strides: [2, 12, 4] },
    { strides: [-1, 12, 4] },
    { strides: [1, 12, 2 ** 52] },
    { strides: [1, 12] },
    { shape: [4, 2, 2 ** 52] },
    { shape: [4, 2, 0] },
    { shape: [], strides: [] },
    { begin: -1 },
    { begin: 3, end: 2 },
    { end: 5 },
    { itemBytes: 3 },
    { itemBytes: 0 },
    { itemBytes: 2 },
    { out: new Float32Array(6) },
    { source: [1, 2, 3] },
    { out: new Uint8Array(26).subarray(1, 25), itemBytes: 2 },
  ];
  for (const changes of bad) t.throws(() => run(changes), { any: true }, JSON.stringify(changes));
});

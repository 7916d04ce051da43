import test from 'ava';
import { ByteReader } from '#lib/data/byte-reader.js';

/** A file that comes in chunks of the given lengths and counts up from 0. */
function counting(lengths: readonly number[]) {
  const seen = { chunks: 0, closed: false };
  async function* chunks() {
    let next = 0;
    try {
      for (const length of lengths) {
        seen.chunks++;
        yield Uint8Array.from({ length }, () => next++ % 256);
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, reader: new ByteReader({ path: 'x', gzip: false, mostBytes: 0, chunks: chunks() }) };
}

test('reads pieces across the borders of chunks', async (t) => {
  const { reader } = counting([3, 1, 0, 5, 2]);
  t.deepEqual(await reader.read(2), Uint8Array.of(0, 1));
  t.deepEqual(await reader.read(0), Uint8Array.of());
  t.deepEqual(await reader.read(6), Uint8Array.of(2, 3, 4, 5, 6, 7));
  t.is(reader.offset, 8);
  t.deepEqual(await reader.read(100), Uint8Array.of(8, 9, 10));
  t.is(reader.offset, 11);
  t.deepEqual(await reader.read(1), Uint8Array.of());
});

test('hands out memory of its own', async (t) => {
  const { reader } = counting([4]);
  const first = await reader.read(2);
  const second = await reader.read(2);
  first.fill(99);
  t.deepEqual(second, Uint8Array.of(2, 3));
});

test('memory follows the bytes that come, not the length asked for', async (t) => {
  const { reader } = counting([10]);
  const before = process.memoryUsage().arrayBuffers;
  const bytes = await reader.read(2 ** 31);
  t.is(bytes.length, 10);
  t.true(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
});

test('takes no more chunks than it needs, and closes the file', async (t) => {
  const { reader, seen } = counting([4, 4, 4]);
  await reader.read(5);
  t.is(seen.chunks, 2);
  t.false(seen.closed);
  await reader.close();
  t.true(seen.closed);
});

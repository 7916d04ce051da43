import test from 'ava';
import { crc32, tableCrc32 } from '#lib/util/crc32.js';

test('CRC-32 is that of its definition, in one piece or several', (t) => {
  // The check value that catalogues of checksums give.
  const bytes = Buffer.from('123456789');
  for (const sum of [crc32, tableCrc32]) {
    t.is(sum(bytes), 0xcbf43926);
    t.is(sum(bytes.subarray(4), sum(bytes.subarray(0, 4))), 0xcbf43926);
    t.is(sum(Buffer.alloc(0)), 0);
  }
});

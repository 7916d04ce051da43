import test from 'ava';
import { native } from '#lib/native.js';
import { isEmulated, isSanitized, runChild } from '../helpers/child.js';

// Of the 32 MB that are given back.
const LEAST = 24e6;

// A sanitizer keeps what is freed for a while, and an emulator has memory of its own.
(isSanitized || isEmulated ? test.skip : test)(
  'memory waits for the next run, zeroed, and returns to the system when there is none',
  async (t) => {
    const { code, stdout, stderr } = await runChild('spare-memory');
    t.is(code, 0, stderr);
    const { after, later, elements, dirty } = JSON.parse(stdout) as Record<string, number>;
    t.true((after as number) - (later as number) > LEAST, stdout);
    t.is(elements, 2 ** 23);
    t.is(dirty, 0);
  },
);

test('a dataset whose memory is released has no samples', (t) => {
  const dataset = new native.Dataset([{ samples: Float32Array.of(1, 2), features: 1 }], Int32Array.of(0, 1));
  const rows = Int32Array.of(1);
  t.true(dataset.holds(rows, [Float32Array.of(2)], Int32Array.of(1), null, null));
  dataset.releaseMemory();
  dataset.releaseMemory();
  t.throws(() => dataset.holds(rows, [Float32Array.of(2)], Int32Array.of(1), null, null), { message: /rows/ });
  t.throws(() => dataset.write(0, Float32Array.of(3), Int32Array.of(0)), { message: /one part with labels/ });
});

import test from 'ava';
import type { Buffer } from '#lib/program/buffer.js';
import { writeInPlace } from '#lib/program/in-place.js';

const sample = (elements = 32): Buffer => ({ space: 'sample', elements });

test('a result is written over an operand that nobody reads after, and read from there', (t) => {
  const [x, y, z] = [sample(), sample(), sample(16)];
  const calls = writeInPlace([
    { op: 'gather', operands: { y: x } },
    { op: 'activation', operands: { y, x } },
    { op: 'maxPooling', operands: { y: z, x: y } },
  ]);
  t.deepEqual(
    calls.map(({ operands }) => operands),
    [{ y: x }, { y: x, x }, { y: z, x }],
  );
  t.is(calls[2]?.operands.y, z);
  t.is(calls[2]?.operands.x, x);
});

test('chains share one memory, over whichever operand is free', (t) => {
  const [a, b, sum, y] = [sample(), sample(), sample(), sample()];
  const calls = writeInPlace([
    { op: 'gather', operands: { y: a } },
    { op: 'gather', operands: { y: b } },
    { op: 'add', operands: { y: sum, a, b } },
    { op: 'activation', operands: { y, x: sum } },
    { op: 'output', operands: { x: a } },
    { op: 'output', operands: { x: y } },
  ]);
  t.is(calls[2]?.operands.y, b, 'a is read again');
  t.is(calls[3]?.operands.y, b);
  t.is(calls[5]?.operands.x, b);
});

test('an operand that is read later, of another size, shared, or read by its neighbours keeps its memory', (t) => {
  const [x, y] = [sample(), sample()];
  const kept = (op: string, from: Buffer, to: Buffer, ...later: Buffer[]) => {
    const calls: { op: string; operands: Record<string, Buffer> }[] = [
      { op, operands: { y: to, x: from } },
      ...later.map((buffer) => ({ op: 'output', operands: { x: buffer } })),
    ];
    t.deepEqual(writeInPlace(calls), calls);
    t.is(writeInPlace(calls)[0]?.operands.y, to);
  };
  kept('activation', x, y, y, x);
  kept('activation', sample(64), y, y);
  kept('activation', { space: 'shared', elements: 32 }, y, y);
  kept('localResponseNorm', x, y, y);
  kept('convolution', x, y, y);
});

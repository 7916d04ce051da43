import test from 'ava';
import { ALIGNMENT } from '#lib/program/description.js';
import { type Lifetime, planMemory } from '#lib/program/memory-plan.js';
import { Philox } from '#lib/util/philox.js';
import { at } from '../helpers/values.js';

/** Buffers of all sizes, among them empty and unaligned ones, each alive for some calls of a program. */
function randomLifetimes(random: Philox): Lifetime[] {
  const calls = 1 + random.nextInt(30);
  return Array.from({ length: random.nextInt(40) }, () => {
    const first = random.nextInt(calls);
    const last = first + random.nextInt(calls - first);
    const bytes = random.nextInt(8) === 0 ? random.nextInt(4) : random.nextInt(1 + 2 ** random.nextInt(16));
    return { bytes, first, last };
  });
}

const livesDuring = (call: number) => (life: Lifetime) => life.first <= call && call <= life.last;
const areTogether = (a: Lifetime, b: Lifetime) => a.first <= b.last && b.first <= a.last;

test('buffers alive together never share memory', (t) => {
  const random = new Philox(1);
  for (let i = 0; i < 300; i++) {
    const lives = randomLifetimes(random);
    const { offsets, totalBytes } = planMemory(lives);
    const ends = lives.map(({ bytes }, a) => at(offsets, a) + bytes);
    t.is(offsets.length, lives.length);
    t.true(offsets.every((offset, a) => offset >= 0 && offset % ALIGNMENT === 0 && at(ends, a) <= totalBytes));
    lives.forEach((life, a) => {
      lives.slice(0, a).forEach((other, b) => {
        const apart = at(ends, a) <= at(offsets, b) || at(ends, b) <= at(offsets, a);
        t.true(apart || !areTogether(life, other), `plan ${i}: buffers ${a} and ${b}`);
      });
    });
  }
});

test('the plan takes at least what is alive at once, and at most everything side by side', (t) => {
  const random = new Philox(2);
  for (let i = 0; i < 300; i++) {
    const lives = randomLifetimes(random);
    const { totalBytes } = planMemory(lives);
    const sum = (some: Lifetime[]) => some.reduce((total, { bytes }) => total + bytes, 0);
    const aligned = lives.map((life) => ({ ...life, bytes: Math.ceil(life.bytes / ALIGNMENT) * ALIGNMENT }));
    for (let call = 0; call < 31; call++) t.true(totalBytes >= sum(lives.filter(livesDuring(call))));
    t.true(totalBytes <= sum(aligned));
    t.is(totalBytes % ALIGNMENT, 0);
  }
});

test('buffers that follow one another take the same memory', (t) => {
  const lives = Array.from({ length: 10 }, (_, call) => ({ bytes: 640, first: 2 * call, last: 2 * call + 1 }));
  t.deepEqual(planMemory(lives), { offsets: new Array(10).fill(0), totalBytes: 640 });
});

test('a buffer that ends in a call and one that begins in it stay apart', (t) => {
  const { offsets, totalBytes } = planMemory([
    { bytes: 64, first: 0, last: 1 },
    { bytes: 64, first: 1, last: 2 },
  ]);
  t.deepEqual([...offsets].sort(), [0, 64]);
  t.is(totalBytes, 128);
});

test('a gap between living buffers is used where it is large enough', (t) => {
  const lives = [
    { bytes: 1024, first: 0, last: 9 },
    { bytes: 512, first: 0, last: 1 },
    { bytes: 256, first: 0, last: 9 },
    { bytes: 192, first: 3, last: 4 },
    { bytes: 300, first: 3, last: 4 },
  ];
  t.deepEqual(planMemory(lives), { offsets: [0, 1024, 1536, 1344, 1024], totalBytes: 1792 });
});

test('no buffers need no memory', (t) => {
  t.deepEqual(planMemory([]), { offsets: [], totalBytes: 0 });
});

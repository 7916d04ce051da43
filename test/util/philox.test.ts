import test from 'ava';
import { InvalidArgumentError } from 'cnnative';
import { Philox, philox4x32 } from '#lib/util/philox.js';

type Words4 = [number, number, number, number];
type Words2 = [number, number];

const words = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));

test('philox4x32 gives the published known answers', (t) => {
  // kat_vectors of Random123, "philox4x32 10": counter, key, result.
  const vectors = [
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const;
  for (const [counter, key, result] of vectors) {
    t.deepEqual(philox4x32(words(counter) as Words4, words(key) as Words2), words(result) as Words4);
  }
});

test('philox4x32 agrees with the definition in big integers', (t) => {
  const mask = 0xffffffffn;
  const definition = (counter: Words4, key: Words2): Words4 => {
    let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
    let [k0, k1] = key.map(BigInt) as [bigint, bigint];
    for (let round = 0; round < 10; round++) {
      const p0 = 0xd2511f53n * a;
      const p1 = 0xcd9e8d57n * c;
      [a, b, c, d] = [(p1 >> 32n) ^ b ^ k0, p1 & mask, (p0 >> 32n) ^ d ^ k1, p0 & mask];
      k0 = (k0 + 0x9e3779b9n) & mask;
      k1 = (k1 + 0xbb67ae85n) & mask;
    }
    return [a, b, c, d].map(Number) as Words4;
  };
  let inputs = [1, 2, 3, 4, 5, 6];
  for (let i = 0; i < 500; i++) {
    const counter = inputs.slice(0, 4) as Words4;
    const key = inputs.slice(4) as Words2;
    const result = philox4x32(counter, key);
    t.deepEqual(result, definition(counter, key));
    inputs = [...result, result[0] ^ 0xffffffff, result[3] ^ 0xaaaaaaaa].map((word) => word >>> 0);
  }
});

test('a stream walks through the blocks of its counter', (t) => {
  const random = new Philox(0x1_2345_6789_abcdn, 0x5_0000_0007);
  const drawn = Array.from({ length: 12 }, () => random.nextUint32());
  const blocks = [0, 1, 2].flatMap((block) => philox4x32([block, 0, 7, 5], [0x6789abcd, 0x12345]));
  t.deepEqual(drawn, blocks);
});

test('a seed means the same as number and as bigint', (t) => {
  for (const seed of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    t.is(new Philox(seed).nextUint32(), new Philox(BigInt(seed)).nextUint32());
  }
});

test('seeds and streams differ beyond 32 bits', (t) => {
  const first = (seed: number | bigint, stream: number) => new Philox(seed, stream).nextUint32();
  const drawn = [first(1, 0), first(2 ** 32 + 1, 0), first(1, 1), first(1, 2 ** 32), first((1n << 63n) + 1n, 0)];
  t.is(new Set(drawn).size, drawn.length);
});

test('nextFloat lies in [0, 1) and is exact in float32', (t) => {
  const random = new Philox(3);
  let sum = 0;
  for (let i = 0; i < 20_000; i++) {
    const value = random.nextFloat();
    if (!(value >= 0 && value < 1) || Math.fround(value) !== value) t.fail(`${value}`);
    sum += value;
  }
  // The mean of 20 000 has a deviation of 0.002.
  t.true(Math.abs(sum / 20_000 - 0.5) < 0.01);
});

test('nextDouble uses 53 bits', (t) => {
  const random = new Philox(4);
  const values = Array.from({ length: 20_000 }, () => random.nextDouble());
  t.true(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53)));
  t.true(values.some((value) => !Number.isInteger(value * 2 ** 52)));
  t.true(Math.abs(values.reduce((sum, value) => sum + value) / values.length - 0.5) < 0.01);
});

test('nextInt gives every value equally often', (t) => {
  const random = new Philox(5);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) {
    const value = random.nextInt(7);
    counts[value] = (counts[value] ?? Number.NaN) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  t.true(chiSquare < 22.5, `chi-square ${chiSquare} of 6 degrees of freedom (0.1 % lie above 22.5)`);
});

test('nextInt is not biased where the range does not divide 2^32', (t) => {
  // Without rejection half of the values would lie in the lowest third.
  const random = new Philox(6);
  let low = 0;
  for (let i = 0; i < 30_000; i++) if (random.nextInt(3 * 2 ** 30) < 2 ** 30) low++;
  t.true(Math.abs(low - 10_000) < 400, `${low}`);
});

test('nextInt reaches the whole range of 2^32 and knows a range of one', (t) => {
  const random = new Philox(7);
  t.is(random.nextInt(2 ** 32), new Philox(7).nextUint32());
  t.is(random.nextInt(1), 0);
});

test('nextNormal has the moments of the normal distribution', (t) => {
  const random = new Philox(8);
  const n = 100_000;
  const values = Array.from({ length: n }, () => random.nextNormal());
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / n;
  t.true(Math.abs(moment(1)) < 0.02);
  t.true(Math.abs(moment(2) - 1) < 0.02);
  t.true(Math.abs(moment(3)) < 0.05);
  t.true(Math.abs(moment(4) - 3) < 0.15);
});

test('rejects seeds and streams that are no integers in range', (t) => {
  for (const seed of [-1, 1.5, Number.NaN, 2 ** 53, -1n, 1n << 64n, '1', undefined]) {
    t.throws(() => new Philox(seed as number), { instanceOf: InvalidArgumentError, message: /seed/ });
  }
  for (const stream of [-1, 0.5, Number.NaN, 2 ** 53]) {
    t.throws(() => new Philox(1, stream), { instanceOf: InvalidArgumentError, message: /stream/ });
  }
});

test('nextInt rejects ranges that are none', (t) => {
  for (const n of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) {
    t.throws(() => new Philox(1).nextInt(n), { instanceOf: InvalidArgumentError, message: /nextInt/ });
  }
});

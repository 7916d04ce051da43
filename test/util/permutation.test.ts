import test from 'ava';
import { InvalidArgumentError } from 'cnnative';
import { permutation, withReplacement } from '#lib/util/permutation.js';
import { Philox } from '#lib/util/philox.js';
import { RandomUse, randomStream } from '#lib/util/random-stream.js';

test('a permutation holds every number once', (t) => {
  for (const n of [0, 1, 2, 17, 1000]) {
    const sorted = permutation(n, 1, 0).sort();
    t.deepEqual([...sorted], [...Array(n).keys()]);
  }
});

test('seed and epoch decide the order', (t) => {
  t.deepEqual(permutation(100, 5, 3), permutation(100, 5, 3));
  t.notDeepEqual(permutation(100, 5, 3), permutation(100, 5, 4));
  t.notDeepEqual(permutation(100, 5, 3), permutation(100, 6, 3));
});

test('orders are those of a stream of their own', (t) => {
  for (const [n, seed, epoch] of [
    [1, 0, 0],
    [7, 1, 0],
    [1000, 2 ** 53 - 1, 5],
    [60_000, 2n ** 64n - 1n, 2 ** 32 - 1],
  ] as const) {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    const random = new Philox(seed, randomStream(RandomUse.permutation, epoch));
    for (let last = n - 1; last > 0; last--) {
      const picked = random.nextInt(last + 1);
      [order[last], order[picked]] = [order[picked] as number, order[last] as number];
    }
    t.deepEqual(permutation(n, seed, epoch), order);
  }
  // With numbers just above 2^30 one word of four is passed over.
  for (const n of [1, 10, 2 ** 30 + 1, 2 ** 31 - 1]) {
    const random = new Philox(7, randomStream(RandomUse.sampling, 3));
    t.deepEqual(
      withReplacement(n, 1001, 7, 3),
      Int32Array.from({ length: 1001 }, () => random.nextInt(n)),
    );
  }
});

test('every order is equally likely', (t) => {
  const counts = new Map<string, number>();
  for (let epoch = 0; epoch < 24_000; epoch++) {
    const order = permutation(4, 9, epoch).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  t.is(counts.size, 24);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  t.true(chiSquare < 49.7, `chi-square ${chiSquare} of 23 degrees of freedom (0.1 % lie above 49.7)`);
});

test('rejects lengths and epochs that are no integers in range', (t) => {
  for (const n of [-1, 1.5, Number.NaN, 2 ** 31]) {
    t.throws(() => permutation(n, 1, 0), { instanceOf: InvalidArgumentError, message: /permutation: .* for n,/ });
  }
  for (const epoch of [-1, 0.5, Number.NaN, 2 ** 32]) {
    t.throws(() => permutation(3, 1, epoch), { instanceOf: InvalidArgumentError, message: /for epoch,/ });
  }
});

test('draws with replacement are alike for every number, and independent', (t) => {
  const drawn = withReplacement(10, 100_000, 3, 1);
  const counts = new Array(10).fill(0);
  const pairs = new Array(100).fill(0);
  for (const [i, number] of drawn.entries()) {
    counts[number]++;
    if (i > 0) pairs[(drawn[i - 1] as number) * 10 + number]++;
  }
  const chiSquare = (observed: number[], expected: number) =>
    observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 0.1 % lie above 27.9 with 9 degrees of freedom, above 148.2 with 99.
  t.true(chiSquare(counts, 10_000) < 27.9);
  t.true(chiSquare(pairs, 1000) < 148.2);
});

test('seed and epoch decide what is drawn with replacement', (t) => {
  t.deepEqual(withReplacement(50, 100, 5, 3), withReplacement(50, 100, 5, 3));
  t.notDeepEqual(withReplacement(50, 100, 5, 3), withReplacement(50, 100, 5, 4));
  t.notDeepEqual(withReplacement(50, 100, 5, 3), withReplacement(50, 100, 6, 3));
  t.deepEqual(withReplacement(50, 40, 5, 3), withReplacement(50, 100, 5, 3).subarray(0, 40));
  t.deepEqual([...withReplacement(1, 5, 0, 0)], [0, 0, 0, 0, 0]);
  t.throws(() => withReplacement(5, 5, 0, -1), {
    instanceOf: InvalidArgumentError,
    message: /withReplacement: .* for epoch,/,
  });
});

import test from 'ava';
import { benchModule } from '../helpers/bench-module.js';

interface Interval {
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
}
interface Ratio extends Interval {
  readonly median: number;
  readonly rounds: readonly number[];
}
interface Overall {
  readonly peer: string;
  readonly group: string | null;
  readonly geometricMean: number;
  readonly minimum: number;
  readonly rows: number;
}

const { compare, medianInterval, overall, summarize } = await benchModule<{
  compare(own: readonly number[], peer: readonly number[], better: 'higher' | 'lower'): Ratio;
  medianInterval(values: readonly number[]): Interval;
  overall(rows: readonly object[]): Overall[];
  summarize(values: readonly number[]): { median: number; min: number; max: number };
}>('statistics.mjs');

test('a summary has median and range', (t) => {
  const { median, min, max } = summarize([3, 1, 10, 2]);
  t.deepEqual([median, min, max], [2.5, 1, 10]);
});

test('a ratio above 1 says that ours is better, whether high or low is good', (t) => {
  t.deepEqual(compare([20, 30], [10, 10], 'higher').rounds, [2, 3]);
  t.deepEqual(compare([10, 10], [20, 30], 'lower').rounds, [2, 3]);
});

test('ratios are those of each round, not of the medians', (t) => {
  // A machine that is twice as slow in the second round changes no ratio.
  const { median, low, high } = compare([100, 50, 100], [50, 25, 50], 'higher');
  t.deepEqual([median, low, high], [2, 2, 2]);
});

test('the interval of the median follows the signs test', (t) => {
  // Tables of the sign test: 6 values give 96.9 % from end to end, 9 give 96.1 % without one at each end.
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => count - i);
  const six = medianInterval(upTo(6));
  t.deepEqual([six.low, six.high], [1, 6]);
  t.true(Math.abs(six.coverage - 0.96875) < 1e-9);
  const nine = medianInterval(upTo(9));
  t.deepEqual([nine.low, nine.high], [2, 8]);
  t.true(Math.abs(nine.coverage - 0.9609375) < 1e-9);
});

test('few rounds have their whole range as the interval, with the coverage it has', (t) => {
  const { low, high, coverage } = medianInterval([3, 1, 2]);
  t.deepEqual([low, high], [1, 3]);
  t.true(Math.abs(coverage - 0.75) < 1e-9);
  t.deepEqual(medianInterval([7]), { low: 7, high: 7, coverage: 0 });
});

test('geometric mean and minimum are of each peer and group', (t) => {
  const row = (name: string, group: string | undefined, median: number) => ({
    peer: { name },
    group,
    ratio: { median },
  });
  const rows = [
    row('a', 'forward', 2),
    row('a', 'forward', 8),
    row('a', 'data', 3),
    { peer: null },
    row('b', undefined, 5),
  ];
  const found = overall(rows).map(({ geometricMean, ...rest }) => ({ ...rest, mean: geometricMean.toFixed(6) }));
  t.deepEqual(found, [
    { peer: 'a', group: 'forward', mean: '4.000000', minimum: 2, rows: 2 },
    { peer: 'a', group: 'data', mean: '3.000000', minimum: 3, rows: 1 },
    { peer: 'b', group: null, mean: '5.000000', minimum: 5, rows: 1 },
  ]);
});

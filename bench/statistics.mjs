// What the runner makes of the numbers of all rounds.
import { binomialDistribution, geometricMean, max, median, min } from 'simple-statistics';

const WANTED_COVERAGE = 0.95;

/** Median and range of what one contestant reached in all rounds. */
export function summarize(values) {
  return { median: median(values), min: min(values), max: max(values), rounds: values };
}

/**
 * How many times as good `own` is as `peer`, round by round: the median of the ratios, with an interval for it. Numbers of one
 * round belong together, for they saw the machine in the same mood.
 *
 * @param {'higher' | 'lower'} better which numbers are the good ones
 */
export function compare(own, peer, better) {
  const ratios = own.map((value, round) => (better === 'higher' ? value / peer[round] : peer[round] / value));
  return { median: median(ratios), ...medianInterval(ratios), rounds: ratios };
}

/**
 * An interval between two of the values that holds the median of where they come from, whatever their distribution: the narrowest
 * pair of order statistics with a coverage of 95 %, or the whole range with the coverage it has where there are fewer than six.
 */
export function medianInterval(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  const probabilities = binomialDistribution(count, 0.5);
  let cut = 0;
  let coverage = Math.max(0, 1 - 2 * probabilities[0]); // not below by rounding
  for (let next = coverage - 2 * probabilities[1]; next >= WANTED_COVERAGE; next -= 2 * probabilities[cut + 1]) {
    coverage = next;
    cut++;
  }
  return { low: sorted[cut], high: sorted[count - 1 - cut], coverage };
}

/** Geometric mean and minimum of the median ratios, for each peer and each group of rows (such as a direction). */
export function overall(rows) {
  const groups = new Map();
  for (const { peer, group, ratio } of rows) {
    if (!ratio) continue;
    const key = JSON.stringify([peer.name, group ?? null]);
    const ratios = groups.get(key) ?? [];
    groups.set(key, [...ratios, ratio.median]);
  }
  return [...groups].map(([key, ratios]) => {
    const [peer, group] = JSON.parse(key);
    return { peer, group, geometricMean: geometricMean(ratios), minimum: min(ratios), rows: ratios.length };
  });
}

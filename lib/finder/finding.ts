/** What `findLearningRate` found. */
export interface LearningRateFinding {
  /** Learning rate of each step taken. */
  readonly rates: readonly number[];
  /** Loss of each step's batch, before its update. */
  readonly losses: readonly number[];
  readonly smoothedLosses: readonly number[];
  /** Whether the loss grew beyond all bounds before the last step. */
  readonly diverged: boolean;
  /** `steepest`, or undefined when the loss did not fall: the first rate is too large, or there is nothing to learn. */
  readonly suggestion: number | undefined;
  /** The rate at which the smoothed loss falls fastest, by the logarithm of the rate. */
  readonly steepest: number | undefined;
  /** A tenth of the rate with the least smoothed loss. */
  readonly minimumOverTen: number | undefined;
}

/** Share of the steps at the beginning in which no slope is looked for: few losses make noisy means. */
const UNSETTLED = 0.1;

/** @param smoothed may end in losses that are not finite */
export function suggestRates(
  rates: readonly number[],
  smoothed: readonly number[],
): Pick<LearningRateFinding, 'suggestion' | 'steepest' | 'minimumOverTen'> {
  const at = (i: number) => smoothed[i] as number;
  let least = 0;
  for (let i = 1; i < smoothed.length; i++) if (at(i) < at(least)) least = i;
  // Rates are evenly spaced by their logarithms, so that differences of losses will do.
  let steepest = 0;
  let slope = 0;
  for (let i = Math.max(1, Math.round(UNSETTLED * rates.length)); i < least; i++) {
    const here = at(i + 1) - at(i - 1);
    if (here < slope) [steepest, slope] = [i, here];
  }
  const found = slope < 0 ? rates[steepest] : undefined;
  const minimum = least > 0 ? (rates[least] as number) / 10 : undefined;
  return { suggestion: found, steepest: found, minimumOverTen: minimum };
}

const given = process.env.CNNATIVE_TEST_SEED;

/** The seed given by CNNATIVE_TEST_SEED, or the one of the test. */
export function seedOr(own: number): number {
  const seed = Number(given ?? own);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new RangeError(`expected a whole number from 0 for CNNATIVE_TEST_SEED, received ${given}`);
}

/** Keys what a test draws anew in every run: it is logged, and CNNATIVE_TEST_SEED repeats it. */
export const seed = seedOr(Date.now() % 1_000_000);

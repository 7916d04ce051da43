/** Keys what a test draws anew in every run: it is logged, and CNNATIVE_TEST_SEED repeats it. */
export const seed = Number(process.env.CNNATIVE_TEST_SEED ?? Date.now() % 1_000_000);

if (!Number.isSafeInteger(seed) || seed < 0) {
  throw new RangeError(
    `expected a whole number from 0 for CNNATIVE_TEST_SEED, received ${process.env.CNNATIVE_TEST_SEED}`,
  );
}

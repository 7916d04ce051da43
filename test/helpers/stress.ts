/** Set by `npm run test:stress`, for what crashes, races or leaks rarely. */
const isStress = process.env.CNNATIVE_TEST_STRESS !== undefined;

/** How often a test tries: few times in the suite, many under stress. */
export function tries(few: number, many: number): number {
  return isStress ? many : few;
}

/** Names of what a step records, in order: sums over its samples. */
export const STEP_METRICS = ['loss', 'accuracy'] as const;

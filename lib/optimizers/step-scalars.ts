/** Where the numbers that every optimizer is given stand among those of a step. */
export const StepScalar = {
  /** The learning rate. */
  rate: 0,
  /** Whether the step ends in an update; gradients are collected before. */
  updates: 1,
  /** Whether that update is the first of all. */
  begins: 2,
  /** Whether weights enter the average in it. */
  averages: 3,
  /** The share of the weights that enters it, where that changes from step to step. */
  share: 4,
  /** The first of the optimizer's own. */
  own: 5,
} as const;

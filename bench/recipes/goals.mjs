// What recipes must reach: test accuracy, mean over seeds, and seconds in training steps.
export const GOALS = {
  'mnist-fast': { seeds: 5, accuracy: 0.99, seconds: 10 },
  'mnist-99.6': { seeds: 3, accuracy: 0.996, seconds: 300 },
  'fashion-94': { seeds: 3, accuracy: 0.935, seconds: 1200 },
  'cifar10-90': { seeds: 2, accuracy: 0.89, seconds: 600 },
  'cifar10-94': { seeds: 1, accuracy: 0.93, seconds: 2400 },
};

/** Of the rate of the step alone. */
export const LEAST_RATE = 0.9;

export { learningRateChart } from './chart.js';
export { type FindLearningRateOptions, findLearningRate } from './find-learning-rate.js';
export type { LearningRateFinding } from './finding.js';

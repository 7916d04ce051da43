// The public names of cnnative.

export * from './data/index.js';
export * from './errors/index.js';
export { type CheckGradientsOptions, checkGradients, type GradientCheck } from './gradcheck/check-gradients.js';
export type { TensorCheck, WorstElement } from './gradcheck/comparison.js';
export {
  type ActivationName,
  type ActivationOptions,
  type AveragePooling2DOptions,
  type BatchNormalizationOptions,
  type Conv2DOptions,
  type DenseOptions,
  type Layer,
  type LayerOptions,
  layers,
  type MaxPooling2DOptions,
  type Padding,
  type SymbolicTensor,
} from './layers/index.js';
export type { LossName } from './losses/index.js';
export { type Info, info } from './machine/info.js';
export type { MetricName } from './metrics/index.js';
export type { ActivationsOptions } from './model/activations.js';
export type { EvaluateOptions } from './model/evaluation.js';
export type { EpochEvent, ProgressEvent, StepEvent, TrainingEvent } from './model/events.js';
export { input, type ModelOptions, model } from './model/functional.js';
export type { History, HistoryRecord } from './model/history.js';
export type { InputOptions, InputSpec, ModelInput, NamedInputOptions } from './model/input.js';
export { loadModel } from './model/load-model.js';
export type { SummaryOptions } from './model/memory-summary.js';
export type { CompileModelOptions, Model, Weight } from './model/model.js';
export type { Phase } from './model/phases.js';
export type { Prediction, PredictOptions, Samples } from './model/prediction.js';
export type { Profile, ProfileOptions } from './model/profiling.js';
export type { RunOptions } from './model/run-options.js';
export { type SequentialOptions, sequential } from './model/sequential.js';
export type { TrainEventOptions, TrainOptions } from './model/training.js';
export type { IsaName } from './native.js';
export {
  type ArrayLikeInput,
  type Col2imOptions,
  type ComputeOptions,
  type FlatArray,
  type ForwardOptions,
  type NestedArray,
  type Op,
  type OpArray,
  ops,
  type WindowOptions,
} from './ops/index.js';
export { type Optimizer, optimizers, type SgdOptions } from './optimizers/index.js';
export type { CallProfile, Cost } from './program/profile.js';

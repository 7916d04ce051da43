// The public names of cnnative.

export * from './augmentations/index.js';
export {
  type Callback,
  type CallbackConfig,
  type CsvLogger,
  type CsvLoggerOptions,
  callbacks,
  type DescribedCallback,
  type EarlyStopping,
  type EarlyStoppingOptions,
  type JsonLines,
  type JsonLinesOptions,
  type ModelCheckpoint,
  type ModelCheckpointOptions,
  type MonitorMode,
  type MonitorOptions,
  type ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
  type TensorBoard,
  type TensorBoardOptions,
  type TerminateOnNaN,
  type Training,
} from './callbacks/index.js';
export * from './data/index.js';
export * from './errors/index.js';
export {
  type FindLearningRateOptions,
  findLearningRate,
  type LearningRateFinding,
  learningRateChart,
} from './finder/index.js';
export { type CheckGradientsOptions, checkGradients, type GradientCheck } from './gradcheck/check-gradients.js';
export type { TensorCheck, WorstElement } from './gradcheck/comparison.js';
export {
  type ConstantOptions,
  type DiracOptions,
  type GainOptions,
  type HeOptions,
  type InitializerConfig,
  type InitializerName,
  type InitializerOption,
  initializers,
  type NestedNumbers,
  type NormalOptions,
  type UniformOptions,
  type WhiteningOptions,
} from './initializers/index.js';
export {
  type ActivationName,
  type ActivationOptions,
  type AdaptivePooling2DOptions,
  type AnyActivation,
  type AveragePooling2DOptions,
  type BatchNormalizationOptions,
  type ConcatenateOptions,
  type Conv2DOptions,
  type Conv2DTransposeOptions,
  type ConvolutionOptions,
  type ConvolutionPadding,
  type Cropping2DOptions,
  type DenseOptions,
  type DepthwiseConv2DOptions,
  type DropoutOptions,
  type ElementwiseActivation,
  type Elu,
  type EluOptions,
  type GaussianNoiseOptions,
  type GroupNormalizationOptions,
  type InstanceNormalizationOptions,
  type Layer,
  type LayerNormalizationOptions,
  type LayerOptions,
  type LeakyRelu,
  type LeakyReluOptions,
  type LocalResponseNormalizationOptions,
  layers,
  type MaxPooling2DOptions,
  type Padding,
  type PermuteOptions,
  type PreluOptions,
  type RandomOptions,
  type RescalingOptions,
  type ReshapeOptions,
  type SeparableConv2DOptions,
  type Sides,
  type SpatialDropout2DOptions,
  type SymbolicTensor,
  type TrainedLayerOptions,
  type UpSampling2DOptions,
  type WeightOptions,
  type ZeroPadding2DOptions,
} from './layers/index.js';
export {
  type BinaryCrossentropyOptions,
  type CategoricalCrossentropyOptions,
  type ClassLossOptions,
  type HuberOptions,
  type Loss,
  type LossName,
  type LossOptions,
  losses,
  type Reduction,
} from './losses/index.js';
export { type Info, info } from './machine/info.js';
export {
  type Evaluation,
  type Metric,
  type MetricName,
  metrics,
  type ScalarMetricName,
  type TopKOptions,
} from './metrics/index.js';
export type { ConfusionMatrix } from './metrics/metric.js';
export type { ActivationsOptions } from './model/activations.js';
export type { EvaluateOptions, LossesOptions } from './model/evaluation.js';
export type {
  CheckpointEvent,
  EpochEvent,
  ProgressEvent,
  ResumeEvent,
  StepEvent,
  TrainingEvent,
} from './model/events.js';
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
export type { LastBatch, Sampling, SamplingOptions } from './model/sampling.js';
export { type SequentialOptions, sequential } from './model/sequential.js';
export type { TrainEventOptions, TrainOptions } from './model/training.js';
export type { Views, ViewsOptions } from './model/views.js';
export type { FloatArray, IsaName } from './native.js';
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
export {
  type AdadeltaOptions,
  type AdagradOptions,
  type AdamOptions,
  type AdamwOptions,
  type Average,
  type AverageConfig,
  averages,
  type ClippingOptions,
  type DecayOptions,
  type EmaOptions,
  type LionOptions,
  type LookaheadAlpha,
  type LookaheadOptions,
  type MomentOptions,
  type MuonOptions,
  type MuonOthersOptions,
  type NadamOptions,
  type Optimizer,
  type OptimizerOptions,
  optimizers,
  type RmspropOptions,
  type SgdOptions,
} from './optimizers/index.js';
export type { ElementType } from './program/description.js';
export type { Interpolation } from './program/operations/resampling.js';
export type { CallProfile, Cost } from './program/profile.js';
export {
  type RecipeConfig,
  type RecipeInfo,
  type RecipeMeasurement,
  type RecipeModelOptions,
  type RecipeName,
  recipes,
  type Spread,
} from './recipes/index.js';
export { type Regularizer, type RegularizerOptions, regularizers } from './regularizers/index.js';
export {
  type AnnealStrategy,
  type CosineOptions,
  type CosineRestartsOptions,
  type ExponentialOptions,
  type MultiStepOptions,
  type OneCycleOptions,
  type PolynomialOptions,
  type RateFunction,
  type Schedule,
  type ScheduleConfig,
  type ScheduleUnit,
  type SequentialScheduleOptions,
  type StepOptions,
  schedules,
  type TriangularMode,
  type TriangularOptions,
  type UnitOption,
  type WarmUpMode,
  type WarmUpOptions,
} from './schedules/index.js';
export type { CheckpointOptions, EpochNumber } from './training/checkpoint-options.js';
export type { Pair } from './util/check.js';
export type { Shape } from './util/shape.js';
export type { NoOptions } from './util/without-options.js';

import type { TrainingData } from '../data/dataset.js';
import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import { type Loss, type LossName, lossFrom } from '../losses/index.js';
import { checkMetrics, type Evaluation, type Metric, type MetricName } from '../metrics/index.js';
import { isOptimizer, type Optimizer } from '../optimizers/index.js';
import { checkText } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../util/shape.js';
import { type ActivationsOptions, activations } from './activations.js';
import { writeWeights } from './average-weights.js';
import { checkClassNames } from './class-names.js';
import { type EvaluateOptions, evaluate, type LossesOptions, sampleLosses } from './evaluation.js';
import type { TrainingEvent } from './events.js';
import type { Graph } from './graph.js';
import { History } from './history.js';
import type { InputSpec, ModelInput } from './input.js';
import { memorySummary, type SummaryOptions } from './memory-summary.js';
import { type Prediction, type PredictOptions, predict, type Samples } from './prediction.js';
import { type Profile, type ProfileOptions, profile } from './profiling.js';
import type { Runtime } from './runtime.js';
import { saveModel } from './save-model.js';
import { summarize } from './summary.js';
import { TRAIN_OPTIONS, type TrainEventOptions, type TrainOptions, train } from './training.js';

/** Options of `model.compile`. */
export interface CompileModelOptions {
  /** How parameters follow their gradients, such as `optimizers.sgd({ learningRate: 0.01, momentum: 0.9 })`. */
  optimizer: Optimizer;
  /**
   * What training makes small, by name or, with options, such as `losses.huber({ delta: 2 })`. Of a model that ends in a
   * softmax, cross-entropy is computed on its logits.
   */
  loss: LossName | Loss;
  /**
   * What to report beside the loss, by name or, with options, such as `metrics.topK({ k: 3 })`.
   * @default []
   */
  metrics?: readonly (MetricName | Metric)[];
}

/** A tensor of weights by its name in `getWeights`. */
export interface Weight {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** A network with its weights. Made by `sequential` or `loadModel`; needs no disposing. */
export class Model {
  readonly #runtime: Runtime;

  /** @internal */
  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** What the model works with. @internal */
  static runtimeOf(model: Model): Runtime {
    return model.#runtime;
  }

  /**
   * Shape of one input sample.
   *
   * @throws InvalidArgumentError when the model has several inputs: see `inputs`
   */
  get inputShape(): Shape {
    return this.#onlyInput('inputShape').shape;
  }

  /** Shape of one output sample. */
  get outputShape(): Shape {
    return this.#runtime.outputShape;
  }

  /**
   * The model's input, with its preprocessing.
   *
   * @throws InvalidArgumentError when the model has several: see `inputs`
   */
  get input(): InputSpec {
    const { name, ...spec } = this.#onlyInput('input');
    return spec;
  }

  /** The model's inputs with their names, shapes and preprocessing, in the order of a dataset's parts. */
  get inputs(): readonly ModelInput[] {
    return this.#runtime.inputs;
  }

  /**
   * Names of the classes that the outputs stand for, in their order; of a model with one output, for no and yes. Saved with the
   * model; `fit` does not set them, and `fit` and `evaluate` refuse sets with other names.
   *
   * @throws InvalidArgumentError, when set, unless there is a string for each class
   */
  get classNames(): readonly string[] | undefined {
    return this.#runtime.classNames;
  }

  set classNames(names: readonly string[] | undefined) {
    this.#runtime.classNames =
      names === undefined ? undefined : checkClassNames('model.classNames', names, this.outputShape);
  }

  /** Layers and what each reads. @internal */
  get graph(): Graph {
    return this.#runtime.graph;
  }

  /** Number of values of all parameters, trained or not: those of frozen layers and running statistics are counted too. */
  get parameterCount(): number {
    return this.graph.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /**
   * Sets optimizer, loss and metrics; needed before `fit` and `evaluate`. Begins with fresh optimizer state, and keeps
   * the weights.
   *
   * @throws InvalidArgumentError when an option is none
   */
  compile(options: CompileModelOptions): void {
    const who = 'model.compile';
    checkOptions(who, options, ['optimizer', 'loss', 'metrics']);
    const { optimizer, loss, metrics = [] } = options;
    if (!isOptimizer(optimizer)) {
      throw new InvalidArgumentError(
        `${who}: expected an optimizer such as optimizers.sgd() for optimizer, received ${describe(optimizer)}.`,
      );
    }
    this.#runtime.compile({ optimizer, loss: lossFrom(who, loss), metrics: checkMetrics(who, metrics) });
  }

  /**
   * Trains on a set.
   *
   * @returns the losses and metrics of every epoch, those before a resumption included
   * @throws InvalidArgumentError or ShapeError when options or data do not fit; the signal's reason when it is aborted; TrainingError
   *   when numbers are no longer finite; CheckpointError when checkpoints cannot be kept or taken up; what a callback throws
   */
  async fit(data: TrainingData, options: TrainOptions = {}): Promise<History> {
    const who = 'model.fit';
    checkOptions(who, options, TRAIN_OPTIONS);
    const history = new History();
    const events = train(who, this, this.#runtime, data, options, history);
    while (!(await events.next()).done);
    return history;
  }

  /**
   * Trains on a set and tells how it goes: `for await (const event of model.train(set, { epochs: 3 }))`. Leaving the
   * loop stops training within one step; what calls `next()` itself must end it by `return()` or a `signal`. Dropped without, a training
   * keeps the model for good.
   *
   * @throws as `fit`, when the loop begins
   */
  train(data: TrainingData, options: TrainEventOptions = {}): AsyncGenerator<TrainingEvent, void, undefined> {
    return train('model.train', this, this.#runtime, data, options);
  }

  /**
   * Loss and metrics over a set. During a `fit`, of the weights of one moment between two steps; of a set that is read in pieces, of
   * one for each piece.
   */
  evaluate(data: TrainingData, options: EvaluateOptions = {}): Promise<Evaluation> {
    return evaluate(this.#runtime, data, options);
  }

  /**
   * The loss of each sample of a set, whatever the loss's `reduction`, times its weight where the set has weights.
   *
   * @throws as `evaluate`
   */
  losses(data: TrainingData, options: LossesOptions = {}): Promise<Float32Array> {
    return sampleLosses(this.#runtime, data, options);
  }

  /**
   * The model's outputs.
   *
   * @param samples one after another: raw pixels as `Uint8Array`, which the model's input scales and normalises, or
   *   `Float32Array` or numbers, taken as they are; for a model with several inputs an array of `Uint8Array` or
   *   `Float32Array`, one for each
   */
  predict(samples: Samples, options: PredictOptions = {}): Promise<Prediction> {
    return predict(this.#runtime, samples, options);
  }

  /**
   * What every layer makes of samples, as in a prediction: outputs by the layer's name, in the order of the layers (names that are whole numbers first, as in any object). Holds all of
   * them in memory at once. The last bits can differ from `predict`, which computes some layers together with the one before.
   *
   * @param samples as for `predict`
   */
  activations(samples: Samples, options: ActivationsOptions = {}): Promise<Record<string, Prediction>> {
    return activations(this.#runtime, samples, options);
  }

  /** A copy of all weights, by name. During a `fit`, of one moment between two steps. */
  async getWeights(): Promise<Record<string, Weight>> {
    const values = await this.#runtime.parameters.read();
    return Object.fromEntries(
      this.graph.parameters.map(({ name, shape, slot }) => [name, { data: values[slot] as Float32Array, shape }]),
    );
  }

  /**
   * Sets weights by name; those not named stay.
   *
   * @throws InvalidArgumentError for a name the model has not, ShapeError for a wrong number of values
   */
  async setWeights(weights: Readonly<Record<string, Float32Array | Weight>>): Promise<void> {
    const who = 'model.setWeights';
    const { parameters } = this.graph;
    const values = new Array<Float32Array | null>(parameters.length).fill(null);
    if (!isPlainObject(weights)) {
      throw new InvalidArgumentError(
        `${who}: expected an object of weights by name, as model.getWeights() gives, received ${describe(weights)}.`,
      );
    }
    for (const [name, weight] of Object.entries(weights)) {
      const parameter = parameters.find((candidate) => candidate.name === name);
      if (!parameter) {
        throw new InvalidArgumentError(
          `${who}: expected names among ${parameters.map((known) => known.name).join(', ')}, received ${describe(name)}.`,
        );
      }
      const { data, shape } =
        weight instanceof Float32Array ? { data: weight, shape: parameter.shape } : (weight ?? {});
      if (!(data instanceof Float32Array) || data.length !== sizeOf(parameter.shape)) {
        throw new ShapeError(
          `${who}: expected a Float32Array of ${sizeOf(parameter.shape)} values (${formatShape(parameter.shape)}) for ${name}, or ` +
            `{ data, shape } with such data, received ${describe(data ?? weight)}.`,
        );
      }
      if (!Array.isArray(shape) || !sameShape(shape, parameter.shape)) {
        throw new ShapeError(
          `${who}: expected the shape ${formatShape(parameter.shape)} for ${name}, received ${describe(shape)}.`,
        );
      }
      values[parameter.slot] = data;
    }
    // Known at once, not when they are written: a training begun meanwhile must not compute other ones from its data.
    const runtime = this.#runtime;
    const set = Object.keys(weights).filter((name) => runtime.awaitingData.has(name));
    runtime.awaitingData = new Set([...runtime.awaitingData].filter((name) => !set.includes(name)));
    try {
      await writeWeights(runtime, values);
    } catch (error) {
      runtime.awaitingData = new Set([...runtime.awaitingData, ...set]);
      throw error;
    }
  }

  /**
   * A table of layers, output shapes and parameters; with a `batchSize` also of the memory that training or predicting
   * takes, planned before anything is allocated.
   *
   * @throws InvalidArgumentError when an option is none, or the plan is of a training and the model is not compiled
   */
  summary(options?: SummaryOptions): string {
    return options === undefined ? summarize(this.graph) : memorySummary(this.#runtime, options);
  }

  /**
   * Where the time of a step goes, call by call, on random samples. Works on copies of weights and optimizer
   * state, which come on top of what a `memoryLimit` counts.
   *
   * @throws InvalidArgumentError when an option is none, or training is to be timed and the model is not compiled
   */
  profile(options: ProfileOptions = {}): Promise<Profile> {
    return profile('model.profile', this.#runtime, options);
  }

  /**
   * Writes the model into a folder, made where missing: `weights.safetensors` and `model.json`. Each file is complete or
   * absent, whatever happens meanwhile.
   *
   * @throws ModelFileError when they cannot be written
   */
  async save(folder: string): Promise<void> {
    checkText('model.save', 'folder', folder);
    await saveModel(folder, this.#runtime, await this.getWeights());
  }

  #onlyInput(property: string): ModelInput {
    const [first, ...others] = this.inputs;
    if (first && others.length === 0) return first;
    throw new InvalidArgumentError(
      `model.${property}: expected a model with one input, received one with ${this.inputs.length}. Use model.inputs.`,
    );
  }
}

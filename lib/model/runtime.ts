import type { Augment } from '../augmentations/options.js';
import { InvalidArgumentError, TrainingError } from '../errors/index.js';
import type { Loss, Thresholds } from '../losses/index.js';
import { softmaxOf } from '../losses/probabilities.js';
import { checkMemory } from '../machine/memory.js';
import type { Metric } from '../metrics/index.js';
import { type IsaName, type NativeVariables, native } from '../native.js';
import type { Optimizer } from '../optimizers/index.js';
import { type CompiledProgram, compile, type Mode } from '../program/compile.js';
import type { ElementType } from '../program/description.js';
import { align } from '../program/memory-plan.js';
import type { Value } from '../program/operation.js';
import { Philox } from '../util/philox.js';
import { RandomUse, randomStream } from '../util/random-stream.js';
import { RecentlyUsed } from '../util/recently-used.js';
import { type Shape, sizeOf } from '../util/shape.js';
import { dataParameters } from './data-initialization.js';
import { type Graph, type TracedGraph, traceGraph } from './graph.js';
import { type InputSpec, type ModelInput, transformOf } from './input.js';

/** What `compile` set. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
}

/** A loop that is dropped rather than left goes on for all that anyone can tell. */
const END_TRAINING =
  'Wait for fit to end, or leave the loop over train: by break, by return() of what train gave, or by its signal.';

/** Programs kept: more than a model at work in its modes, with batches of many sizes, uses in turn. */
const MOST_PROGRAMS = 32;

/** A model's native side: its parameters, its optimizer's state, and the programs it last used. */
export class Runtime {
  readonly graph: Graph;
  readonly inputs: readonly ModelInput[];
  readonly seed: number;
  readonly parameters: NativeVariables;
  readonly parameterBytes: number;
  /** Epochs trained since the model was made: each has an order of samples of its own. */
  epochs = 0;
  /** Steps trained since then: each draws random numbers of its own. */
  steps = 0;
  /** Updates of the optimizer since `compile`. */
  updates = 0;
  /** Whether parameters hold averages, and the optimizer's state the trained weights in their place. */
  averaged = false;
  /** Names of the classes that the outputs stand for, if they are known. */
  classNames: readonly string[] | undefined;
  /** Names of parameters whose first values are to come from the data of the first training. */
  awaitingData: ReadonlySet<string> = new Set();
  readonly #network: TracedGraph;
  readonly #programs = new RecentlyUsed<CompiledProgram>(MOST_PROGRAMS);
  #compiled: Compiled | undefined;
  #optimizerState: NativeVariables | undefined;
  #training = false;

  /**
   * @param inputs in the order of the graph's
   * @param parameters those of another model whose graph has the same ones
   */
  constructor(graph: Graph, inputs: readonly InputSpec[], seed: number, parameters?: NativeVariables) {
    this.graph = graph;
    this.inputs = inputs.map((spec, i) => ({ name: graph.inputs[i]?.name as string, ...spec }));
    this.seed = seed;
    this.#network = traceGraph(graph);
    this.parameterBytes = this.#slots().reduce((sum, elements) => sum + align(4 * elements), 0);
    checkMemory(
      'cnnative',
      'the weights',
      this.parameterBytes,
      'Use fewer filters or units, or pool before a dense layer.',
    );
    this.parameters = parameters ?? new native.Variables('float32', this.#slots());
  }

  get outputShape(): Shape {
    return this.#network.output.shape;
  }

  /** Of outputs that answer yes-or-no questions, by the loss. */
  get thresholds(): Thresholds | undefined {
    const { output } = this.#network;
    const { loss } = this.compiled('cnnative');
    // What the loss reads may be logits; metrics are given the outputs themselves.
    return loss.inputOf(output) === output || !loss.thresholds(output)
      ? loss.thresholds(output)
      : { ofX: 0.5, ofT: 0.5 };
  }

  /** Whether the loss is computed on what the last activation is made of. */
  looksThrough(loss: Loss): boolean {
    const { output } = this.#network;
    return loss.inputOf(output) !== output;
  }

  /** Whether outputs are logarithms of probabilities: logits, too. */
  get endsInLogSoftmax(): boolean {
    return softmaxOf(this.#network.output)?.op === 'logSoftmax';
  }

  /**
   * Gives every parameter its first values, drawn from the seed and the parameter's slot.
   *
   * @throws InvalidArgumentError or ShapeError for an initializer that does not fit its layer
   */
  initialize(): void {
    this.awaitingData = new Set(dataParameters(this.graph).map(({ name }) => name));
    const values = this.graph.parameters.map(({ name, shape, slot, initializer }) =>
      initializer(shape, new Philox(this.seed, randomStream(RandomUse.weights, slot)), name),
    );
    // Tasks run in their order, so this copy is done before any run begins.
    void this.parameters.write(values);
  }

  /** @throws ShapeError or InvalidArgumentError when the loss or a metric cannot take the model's output, TrainingError during a training */
  compile(compiled: Compiled, who = 'model.compile'): void {
    compiled.loss.checkOutput(who, this.outputShape);
    compiled.loss.checkEnd(who, this.#network.output);
    for (const metric of compiled.metrics) metric.checkOutput?.(who, this.outputShape);
    if (this.#training) {
      throw new TrainingError(`${who}: expected a model at rest, received one in training. ${END_TRAINING}`);
    }
    this.#compiled = compiled;
    this.#programs.clear();
    const slots = this.#slots();
    const states = Array.from({ length: compiled.optimizer.stateSlots }, () => slots).flat();
    this.updates = 0;
    this.averaged = false;
    this.#optimizerState = new native.Variables('float32', states);
  }

  /** @throws InvalidArgumentError unless `compile` was called */
  compiled(who: string): Compiled {
    if (this.#compiled) return this.#compiled;
    throw new InvalidArgumentError(
      `${who}: expected a compiled model, received one without optimizer and loss. Call model.compile({ optimizer, loss }) first.`,
    );
  }

  /** Store 1 of a training; of a compiled model. */
  get optimizerState(): NativeVariables {
    if (!this.#optimizerState) throw new Error('cnnative: a model has no optimizer state before it is compiled');
    return this.#optimizerState;
  }

  /** What `compile` set, if it was called. */
  get compiledOrNone(): Compiled | undefined {
    return this.#compiled;
  }

  /** Marks the model as in training; the result ends that. @throws TrainingError when it is already */
  beginTraining(who: string): () => void {
    if (this.#training) {
      throw new TrainingError(`${who}: expected a model at rest, received one in training. ${END_TRAINING}`);
    }
    this.#training = true;
    return () => {
      this.#training = false;
    };
  }

  /** The program for a mode, batch size and instruction set, compiled at its first use and kept for the next. */
  program(
    mode: Mode,
    batchSize: number,
    isa: IsaName,
    element: ElementType = 'float32',
    augment?: Augment,
  ): CompiledProgram {
    const augmenting = augment ? ` ${JSON.stringify(augment.map((one) => one.config()))}` : '';
    return this.#programs.get(`${mode} ${batchSize} ${isa} ${element}${augmenting}`, () =>
      this.newProgram(mode, batchSize, isa, element, augment),
    );
  }

  /** The same, not kept: to look at. A program holds no memory to run in. */
  newProgram(
    mode: Mode,
    batchSize: number,
    isa: IsaName,
    element: ElementType = 'float32',
    augment?: Augment,
  ): CompiledProgram {
    const { loss, optimizer, metrics = [] } = this.#compiled ?? {};
    const accuracy = mode === 'assess' || metrics.some(({ name }) => name === 'accuracy');
    const transforms = this.inputs.map(transformOf);
    const { seed } = this;
    const options = { mode, batchSize, isa, element, transforms, loss, optimizer, accuracy, augment, seed };
    return compile(this.#network, options);
  }

  /** A program that predicts what every layer makes, one after another in the order of the graph's nodes. */
  activationsProgram(batchSize: number, isa: IsaName): CompiledProgram {
    return this.#programs.get(`activations ${batchSize} ${isa}`, () => {
      const outputs = this.graph.nodes.map(({ name }) => this.#network.values.get(name) as Value);
      const transforms = this.inputs.map(transformOf);
      return compile(this.#network, { mode: 'predict', batchSize, isa, element: 'float32', transforms, outputs });
    });
  }

  /** A program that puts out values by the names of inputs and nodes, as a training step computes them. Not kept. */
  trainingValuesProgram(names: readonly string[], batchSize: number, isa: IsaName, augment: Augment): CompiledProgram {
    const outputs = names.map((name) => this.#network.values.get(name) as Value);
    const transforms = this.inputs.map(transformOf);
    const options = { batchSize, isa, element: 'float32', transforms, outputs, augment, seed: this.seed } as const;
    return compile(this.#network, { mode: 'predict', training: true, ...options });
  }

  /** The stores a program of this mode works on. */
  stores(mode: Exclude<Mode, 'gradients'>): NativeVariables[] {
    return mode === 'train' && this.#optimizerState ? [this.parameters, this.#optimizerState] : [this.parameters];
  }

  #slots(): number[] {
    return this.graph.parameters.map(({ shape }) => sizeOf(shape));
  }
}

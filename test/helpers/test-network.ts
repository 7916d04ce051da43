import type { Layer, Loss } from 'cnnative';
import { SymbolicTensor } from '#lib/layers/symbolic-tensor.js';
import { SparseCategoricalCrossentropy } from '#lib/losses/sparse-categorical-crossentropy.js';
import { buildGraph, graphOf, traceGraph } from '#lib/model/graph.js';
import { type FloatArray, type IsaName, type NativeDataset, native } from '#lib/native.js';
import type { Optimizer } from '#lib/optimizers/optimizer.js';
import {
  type CompiledProgram,
  type CompileOptions,
  compile,
  type InputTransform,
  type Mode,
  type TracedNetwork,
} from '#lib/program/compile.js';
import { describeProgram } from '#lib/program/describe-program.js';
import type { ElementType, ProgramDescription } from '#lib/program/description.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { inOrder } from '#lib/util/permutation.js';
import type { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import { type Numbers, randomValues } from './values.js';

/** Samples, each with the elements of all inputs one after another, and a label for each. */
export interface Batch {
  readonly inputs: Uint8Array | Float32Array | Float64Array;
  readonly labels: Int32Array;
  /** For losses that read them: of all samples, one after another. */
  readonly targets?: Float32Array | Float64Array;
  readonly weights?: Float32Array | Float64Array;
}

/** How to run: on scalar float32 kernels and one thread unless said otherwise, all samples as one batch. */
export interface Settings {
  readonly isa?: IsaName;
  readonly element?: ElementType;
  readonly threads?: number;
  readonly batchSize?: number;
  /** Largest batch of the program, when not that of the run. */
  readonly capacity?: number;
  readonly order?: Int32Array;
  /** Of every input. */
  readonly transform?: InputTransform;
  readonly optimizer?: Optimizer;
  readonly loss?: Loss;
}

/** The reference of all float32 programs: the same network on scalar kernels in double. */
export const DOUBLE: Settings = { element: 'float64' };

export interface Gradients {
  /** Mean over the batch. */
  readonly loss: number;
  /** Of the mean loss, one array a parameter. */
  readonly parameters: readonly FloatArray[];
  /** Of the mean loss, for every sample: laid out as the inputs of a batch. */
  readonly input: FloatArray;
}

export interface Trained {
  readonly parameters: readonly FloatArray[];
  readonly state: readonly FloatArray[];
  /** Mean loss of each step, before its update. */
  readonly losses: readonly number[];
}

const PLAIN: InputTransform = { channels: 1, scale: [1], shift: [0] };

/** Layers one after another, or how they are applied to inputs. */
export type NetworkLayers =
  | readonly Layer[]
  | ((input: SymbolicTensor, ...others: readonly SymbolicTensor[]) => SymbolicTensor);

/** A network of layers with its parameters kept outside: every run is given the values to use. */
export class TestNetwork {
  readonly network: TracedNetwork;
  /** Elements of a sample, of all inputs together. */
  readonly features: number;
  readonly classes: number;
  readonly #programs = new Map<string, CompiledProgram>();

  /** @param layers one after another, or how they are applied to the inputs of the given shapes */
  constructor(inputShape: readonly number[], layers: NetworkLayers, ...moreInputs: readonly (readonly number[])[]) {
    const inputs = [inputShape, ...moreInputs].map((shape) => new SymbolicTensor(shape, null, []));
    const [first, ...others] = inputs as [SymbolicTensor, ...SymbolicTensor[]];
    const graph =
      typeof layers === 'function'
        ? graphOf('test', inputs, layers(first, ...others))
        : buildGraph('test', inputShape, layers);
    this.network = traceGraph(graph);
    this.features = inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.classes = sizeOf(this.network.output.shape);
  }

  /** Random values of a size that keeps activations near 1. */
  randomParameters(random: Philox): Float32Array[] {
    return this.network.parameters.map(({ name, shape }) => {
      const fanIn = sizeOf(shape.slice(1));
      // A variance, and scales whose slopes are to be seen.
      if (/(gamma|runningVariance)$/.test(name))
        return randomValues(random, sizeOf(shape), 0.5).map((value) => 1 + value);
      return randomValues(random, sizeOf(shape), shape.length === 1 ? 0.5 : Math.sqrt(3 / fanIn));
    });
  }

  /** Mean loss and number of correct answers. */
  async evaluate(parameters: readonly Numbers[], batch: Batch, settings: Settings = {}) {
    const { run } = await this.#run('evaluate', parameters, batch, settings);
    const [loss = 0, correct = 0] = totals(run.metrics(0));
    return { loss: loss / samplesOf(batch, settings), correct };
  }

  /** The loss of each sample, and what the last layer gives for it. */
  async assess(parameters: readonly Numbers[], batch: Batch, settings: Settings = {}) {
    const { run } = await this.#run('assess', parameters, batch, settings);
    const outputs = run.output();
    const width = this.classes + 1;
    return { losses: outputs.filter((_, i) => i % width === 0), outputs: outputs.filter((_, i) => i % width !== 0) };
  }

  async gradients(parameters: readonly Numbers[], batch: Batch, settings: Settings = {}): Promise<Gradients> {
    const { run, stores } = await this.#run('gradients', parameters, batch, settings);
    const [loss = 0] = totals(run.metrics(0));
    const gradients = (await stores[1]?.read()) ?? [];
    return { loss: loss / samplesOf(batch, settings), parameters: gradients, input: run.output() };
  }

  /** What the last layer gives, for every sample. */
  async predict(parameters: readonly Numbers[], inputs: Batch['inputs'], settings: Settings = {}): Promise<FloatArray> {
    const labels = new Int32Array(inputs.length / this.features);
    const { run } = await this.#run('predict', parameters, { inputs, labels }, settings);
    return run.output();
  }

  /** Steps over all samples, from zero or the given state of the optimizer. */
  async train(
    parameters: readonly Numbers[],
    batch: Batch,
    settings: Settings & { optimizer: Optimizer; rates: readonly number[]; state?: readonly Numbers[] },
  ): Promise<Trained> {
    const { run, stores } = await this.#run('train', parameters, batch, settings, settings);
    const [weights = [], state = []] = await Promise.all(stores.map((store) => store.read()));
    const metrics = run.metrics(0);
    const size = settings.batchSize ?? batch.labels.length;
    const losses = settings.rates.map((_, step) => {
      const samples = Math.min(size, samplesOf(batch, settings) - step * size);
      return (metrics[2 * step] ?? Number.NaN) / samples;
    });
    return { parameters: weights, state, losses };
  }

  /** The program of a mode, compiled at its first use. */
  program(mode: Mode, batchSize: number, settings: Settings = {}): CompiledProgram {
    const options = this.#options(mode, batchSize, settings);
    const key = JSON.stringify({ ...options, optimizer: options.optimizer?.config(), loss: settings.loss?.config() });
    const program = this.#programs.get(key) ?? compile(this.network, options);
    this.#programs.set(key, program);
    return program;
  }

  /** What `program` hands to native code. */
  description(mode: Mode, batchSize: number, settings: Settings = {}): ProgramDescription {
    return describeProgram(this.network, this.#options(mode, batchSize, settings));
  }

  /** A store with a slot for each parameter. */
  variables(element: ElementType, copies = 1) {
    const slots = this.network.parameters.map(({ shape }) => sizeOf(shape));
    return new native.Variables(element, Array.from({ length: copies }, () => slots).flat());
  }

  /** A native copy of a batch: a part for each input. */
  dataset({ inputs, labels, targets, weights }: Batch): NativeDataset {
    const samples = labels.length;
    let first = 0;
    const parts = this.network.inputs.map(({ shape }) => {
      const features = sizeOf(shape);
      const part = inputs.slice(0, samples * features);
      for (let i = 0; i < samples; i++) {
        const start = i * this.features + first;
        part.set(inputs.subarray(start, start + features), i * features);
      }
      first += features;
      return { samples: part, features };
    });
    const compared = targets && { samples: targets, features: targets.length / samples };
    return new native.Dataset(parts, labels, compared, weights);
  }

  #options(mode: Mode, batchSize: number, settings: Settings): CompileOptions {
    const { element = 'float32', isa = 'scalar', transform = PLAIN, optimizer } = settings;
    const { loss = new SparseCategoricalCrossentropy() } = settings;
    const transforms = this.network.inputs.map(() => transform);
    return { mode, batchSize, element, isa, transforms, optimizer, loss };
  }

  async #run(
    mode: Mode,
    parameters: readonly Numbers[],
    batch: Batch,
    settings: Settings,
    training?: { rates: readonly number[]; state?: readonly Numbers[] },
  ) {
    const { labels } = batch;
    const { element = 'float32', threads = 1, batchSize = labels.length, order = inOrder(labels.length) } = settings;
    const stateSlots = mode === 'train' ? (settings.optimizer?.stateSlots ?? 0) : 1;
    const stores = [this.variables(element)];
    if (mode === 'train' || mode === 'gradients') stores.push(this.variables(element, stateSlots));
    // Tasks run in their order: the copies are made before the run begins.
    void stores[0]?.write(parameters.map((values) => toElement(element, values)));
    if (training?.state) void stores[1]?.write(training.state.map((values) => toElement(element, values)));
    const run = new ProgramRun(this.program(mode, settings.capacity ?? batchSize, settings), {
      stores,
      dataset: this.dataset(batch),
      order,
      batchSize,
      scalars: Float64Array.from(
        (training?.rates ?? []).flatMap((rate, step) => [
          ...(settings.optimizer?.stepScalars(rate, step, (step + 1) / (training?.rates.length ?? 1)) ?? []),
        ]),
      ),
      threads,
    });
    return { run: await run.finished(), stores };
  }
}

/** Values as an array of a program's element type. */
export function toElement(element: ElementType, values: Numbers): FloatArray {
  return element === 'float64' ? Float64Array.from(values) : Float32Array.from(values);
}

function samplesOf({ labels }: Batch, { order }: Settings): number {
  return (order ?? labels).length;
}

/** Sums of the steps' losses and of their correct answers. */
function totals(metrics: Float64Array): [number, number] {
  let loss = 0;
  let correct = 0;
  for (let i = 0; i < metrics.length; i += 2) {
    loss += metrics[i] as number;
    correct += metrics[i + 1] as number;
  }
  return [loss, correct];
}

import type { Loss } from '../losses/index.js';
import { type IsaName, type NativeDataset, type NativeRun, type NativeVariables, native } from '../native.js';
import type { Optimizer } from '../optimizers/index.js';
import type { CompiledProgram } from '../program/compile.js';
import { ProgramRun } from '../program/program-run.js';
import { Philox } from '../util/philox.js';
import { sizeOf } from '../util/shape.js';
import type { ModelInput } from './input.js';
import { randomBatch } from './random-batch.js';
import type { Runtime } from './runtime.js';

export interface FixedBatchOptions {
  readonly mode: 'train' | 'predict';
  readonly batchSize: number;
  readonly threads: number;
  readonly isa: IsaName;
  /** Of every training step. */
  readonly learningRate: number;
  /** What the steps work on, and change; awaited before the first. */
  readonly stores: readonly NativeVariables[] | Promise<readonly NativeVariables[]>;
  readonly signal?: AbortSignal | undefined;
  /** Whether to time every call. */
  readonly profile?: boolean;
}

/** Key of the random stream of samples and labels. */
const SEED = 1;
/** What a run keeps for each sample, its place in the order and its outputs, must not count as the network's memory. */
const MOST_BYTES_PER_RUN = 4 * 2 ** 20;
/** More than caches hold, and copied in an instant: larger batches take the same samples again. */
const MOST_ELEMENTS = 2 ** 22;

/** Steps of a model over one batch of random samples, always the same: to measure them. */
export class FixedBatch {
  readonly program: CompiledProgram;
  /** In one run. */
  readonly mostSteps: number;
  readonly #options: FixedBatchOptions;
  readonly #dataset: NativeDataset;
  /** Samples that are drawn. */
  readonly #distinct: number;
  readonly #optimizer: Optimizer | undefined;
  #order = new Int32Array(0);

  constructor(runtime: Runtime, options: FixedBatchOptions) {
    const { mode, batchSize, isa } = options;
    const outputs = sizeOf(runtime.outputShape);
    const { loss, optimizer } = mode === 'train' ? runtime.compiled('cnnative') : {};
    this.#optimizer = optimizer;
    this.#options = options;
    this.program = runtime.program(mode, batchSize, isa);
    const perSample = 4 * (mode === 'predict' ? outputs + 1 : 1);
    this.mostSteps = Math.max(1, Math.floor(MOST_BYTES_PER_RUN / (batchSize * perSample)));
    const elements = runtime.inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.#distinct = Math.min(batchSize, Math.max(1, Math.floor(MOST_ELEMENTS / elements)));
    this.#dataset = drawn(runtime.inputs, outputs, this.#distinct, loss);
  }

  /** Runs so many steps in one native call. */
  async run(steps: number): Promise<NativeRun> {
    const { batchSize, threads, learningRate, stores, signal, profile = false } = this.#options;
    const optimizer = this.#optimizer;
    const samples = steps * batchSize;
    if (this.#order.length < samples)
      this.#order = Int32Array.from({ length: samples }, (_, i) => (i % batchSize) % this.#distinct);
    const inputs = {
      stores: await stores,
      dataset: this.#dataset,
      order: this.#order.subarray(0, samples),
      batchSize,
      scalars: Float64Array.from(
        Array.from({ length: steps }, (_, i) => optimizer?.stepScalars(learningRate, i, (i + 1) / steps) ?? []).flat(),
      ),
      threads,
      profile,
    };
    return new ProgramRun(this.program, inputs, signal).finished();
  }
}

/** In native memory; labels where nothing reads them. */
function drawn(inputs: readonly ModelInput[], outputs: number, batchSize: number, loss?: Loss): NativeDataset {
  const { inputs: samples, labels, targets } = randomBatch(new Philox(SEED), batchSize, inputs, outputs, loss);
  const parts = samples.map((part) => ({ samples: part, features: part.length / batchSize }));
  return new native.Dataset(parts, labels ?? null, targets ? { samples: targets, features: outputs } : null);
}

import { nativeSamples } from '../data/native-copy.js';
import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import { ProgramRun } from '../program/program-run.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { isDetached } from '../util/is-detached.js';
import { inOrder } from '../util/permutation.js';
import { formatShape, sizeOf } from '../util/shape.js';
import { checkMemoryLimit } from './run-memory.js';
import { RUN_OPTIONS, type RunOptions, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';

export interface PredictOptions extends RunOptions {
  /**
   * Samples a step.
   * @default 256
   */
  batchSize?: number;
}

/** Multiply-adds that take less than about 0.1 ms: less than the way to the executor's thread and back is worth. */
const MOST_WORK_HERE = 4e6;

/** Outputs of a model, sample after sample. */
export interface Prediction {
  readonly data: Float32Array;
  /** `[samples, ...output shape]`. */
  readonly shape: number[];
}

/** The model's outputs for samples given one after another. */
export async function predict(
  runtime: Runtime,
  samples: Uint8Array | Float32Array | readonly number[],
  options: PredictOptions,
): Promise<Prediction> {
  const who = 'model.predict';
  checkOptions(who, options, ['batchSize', ...RUN_OPTIONS]);
  const features = sizeOf(runtime.graph.inputShape);
  const values = Array.isArray(samples) ? numbersOf(who, samples) : samples;
  if (!(values instanceof Uint8Array) && !(values instanceof Float32Array)) {
    throw new InvalidArgumentError(
      `${who}: expected a Uint8Array, a Float32Array or an array of numbers for the samples, received ${describe(samples)}.`,
    );
  }
  if (values.length === 0 && isDetached(values)) {
    throw new InvalidArgumentError(
      `${who}: expected samples in memory, received ${describe(samples)} whose memory was transferred. Copy it before.`,
    );
  }
  if (values.length % features !== 0) {
    throw new ShapeError(
      `${who}: expected whole samples of ${features} values (${formatShape(runtime.graph.inputShape)}), received ${values.length} values.`,
    );
  }
  const size = values.length / features;
  const shape = [size, ...runtime.outputShape];
  const { batchSize: wanted = 256 } = options;
  const batchSize = Math.min(checkInteger(who, 'batchSize', wanted, 1), Math.max(size, 1));
  const settings = runSettings(who, options);
  const { threads, isa, signal } = settings;
  if (size === 0) return { data: new Float32Array(0), shape };
  checkMemoryLimit(who, runtime, 'predict', batchSize, settings);
  const inputs = {
    stores: runtime.stores('predict'),
    dataset: nativeSamples(values, features, null),
    order: inOrder(size),
    batchSize,
    scalars: new Float64Array(0),
  };
  const program = runtime.program('predict', batchSize, isa);
  const here = program.workOfSample > 0 && program.workOfSample * size <= MOST_WORK_HERE;
  const run = await new ProgramRun(program, { ...inputs, here, threads: here ? 1 : threads }, signal).finished();
  return { data: run.output() as Float32Array, shape };
}

function numbersOf(who: string, samples: readonly unknown[]): Float32Array {
  const wrong = samples.findIndex((value) => typeof value !== 'number');
  if (wrong < 0) return Float32Array.from(samples as readonly number[]);
  throw new InvalidArgumentError(
    `${who}: expected a flat array of numbers for the samples, received ${describe(samples[wrong])} at position ${wrong}.`,
  );
}

import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import { type NativePart, native } from '../native.js';
import { MOST_CHANNEL_LANE_SAMPLES } from '../program/channel-lanes.js';
import { LANES } from '../program/description.js';
import { ProgramRun } from '../program/program-run.js';
import { runHere } from '../program/run-here.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { overdueTurn } from '../util/event-loop.js';
import { isDetached } from '../util/is-detached.js';
import { inOrder } from '../util/permutation.js';
import { formatShape, sizeOf } from '../util/shape.js';
import type { ModelInput } from './input.js';
import { checkMemoryLimit } from './run-memory.js';
import { RUN_OPTIONS, type RunOptions, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';
import { type ViewsOptions, viewed } from './views.js';

export interface PredictOptions extends RunOptions, ViewsOptions {
  /**
   * Samples a step.
   * @default 256
   */
  batchSize?: number;
}

/** Multiply-adds that take about 0.7 ms on two threads. The way to the executor's thread and back would add up to 0.2 ms. */
const MOST_WORK_HERE = 5e7;
/** With fewer, waking and awaiting other threads takes longer than they save. */
const LEAST_WORK_TO_SHARE = 1e6;
/** Predictions here one after another let the event loop turn so often. */
const MOST_MILLISECONDS_HERE = 10;

/** Program sizes are few, for each is compiled and kept: a program takes smaller batches too, with the same bits. */
export function capacityFor(batchSize: number): number {
  if (batchSize <= MOST_CHANNEL_LANE_SAMPLES) return MOST_CHANNEL_LANE_SAMPLES;
  return Math.ceil(batchSize / LANES) * LANES;
}

/** Outputs of a model, sample after sample. */
export interface Prediction {
  readonly data: Float32Array;
  /** `[samples, ...output shape]`. */
  readonly shape: number[];
}

/** Samples one after another; for a model with several inputs an array of such, one for each. */
export type Samples = Uint8Array | Float32Array | readonly number[] | readonly (Uint8Array | Float32Array)[];

/** The model's outputs for samples given one after another. */
export async function predict(own: Runtime, samples: Samples, options: PredictOptions): Promise<Prediction> {
  const who = 'model.predict';
  checkOptions(who, options, ['batchSize', 'views', ...RUN_OPTIONS]);
  const runtime = viewed(who, own, options.views);
  const { parts, size } = checkSamples(who, samples, runtime.inputs);
  const shape = [size, ...runtime.outputShape];
  const { batchSize: wanted = 256 } = options;
  const batchSize = Math.min(checkInteger(who, 'batchSize', wanted, 1), Math.max(size, 1));
  const settings = runSettings(who, options);
  const { threads, isa, signal, memoryLimit } = settings;
  if (size === 0) return { data: new Float32Array(0), shape };
  const program = runtime.program('predict', capacityFor(batchSize), isa);
  const programFor = (size: number) => runtime.newProgram('predict', capacityFor(size), isa);
  checkMemoryLimit(who, runtime, program, { mode: 'predict', batchSize, threads, isa, memoryLimit, programFor });
  const stores = runtime.stores('predict');
  const work = program.workOfSample * size;
  const here = work > 0 && work <= MOST_WORK_HERE;
  const settled = { stores, batchSize, threads: here && work < LEAST_WORK_TO_SHARE ? 1 : threads };
  const data = here ? runHere(program, { ...settled, parts }, signal) : undefined;
  if (data) {
    const turn = overdueTurn(MOST_MILLISECONDS_HERE);
    if (turn) await turn;
    return { data: data as Float32Array, shape };
  }
  const dataset = new native.Dataset(parts, null);
  const inputs = { ...settled, dataset, order: inOrder(size), scalars: new Float64Array(0) };
  const run = await new ProgramRun(program, inputs, signal).finished();
  dataset.releaseMemory();
  return { data: run.output() as Float32Array, shape };
}

/** What each input reads, checked, and how many samples that is. */
export function checkSamples(who: string, samples: unknown, inputs: readonly ModelInput[]) {
  const parts = partsOf(who, samples, inputs);
  return { parts, size: countSamples(who, parts, inputs) };
}

function partsOf(who: string, samples: unknown, inputs: readonly ModelInput[]): NativePart[] {
  const several = Array.isArray(samples) && samples.some(ArrayBuffer.isView);
  const parts: readonly unknown[] = several ? [...samples] : [samples];
  if (parts.length !== inputs.length) {
    const names = inputs.map(({ name }) => name).join(', ');
    throw new ShapeError(
      `${who}: expected samples for each input (${names}), received ${describe(samples)}. ` +
        'Give as many as inputs, each a Uint8Array or Float32Array: [a, b].',
    );
  }
  return inputs.map((input, i) => {
    const part = parts[i];
    return partOf(who, input, Array.isArray(part) && !several ? numbersOf(who, part) : part);
  });
}

function partOf(who: string, { name, shape }: ModelInput, samples: unknown): NativePart {
  if (!(samples instanceof Uint8Array) && !(samples instanceof Float32Array)) {
    throw new InvalidArgumentError(
      `${who}: expected a Uint8Array, a Float32Array or, for an only input, an array of numbers for ${name}, received ` +
        `${describe(samples)}.`,
    );
  }
  if (samples.length === 0 && isDetached(samples)) {
    throw new InvalidArgumentError(
      `${who}: expected samples in memory, received ${describe(samples)} whose memory was transferred or made smaller. Copy it before.`,
    );
  }
  const features = sizeOf(shape);
  if (samples.length % features !== 0) {
    throw new ShapeError(
      `${who}: expected whole samples of ${features} values (${formatShape(shape)}) for ${name}, received ${samples.length} values.`,
    );
  }
  return { samples, features };
}

/** As many in each part. */
function countSamples(who: string, parts: readonly NativePart[], inputs: readonly ModelInput[]): number {
  const sizes = parts.map(({ samples, features }) => samples.length / features);
  const [size = 0] = sizes;
  const other = sizes.findIndex((count) => count !== size);
  if (other < 0) return size;
  throw new ShapeError(
    `${who}: expected as many samples for ${inputs[other]?.name} as for ${inputs[0]?.name}, ${size}, received ${sizes[other]}.`,
  );
}

function numbersOf(who: string, samples: readonly unknown[]): Float32Array {
  const wrong = samples.findIndex((value) => typeof value !== 'number');
  if (wrong < 0) return Float32Array.from(samples as readonly number[]);
  throw new InvalidArgumentError(
    `${who}: expected a flat array of numbers for the samples, received ${describe(samples[wrong])} at position ${wrong}.`,
  );
}

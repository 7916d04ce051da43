import { type FloatArray, type NativeRun, native } from '../native.js';
import { inOrder } from '../util/permutation.js';
import { sizeOf } from '../util/shape.js';
import type { CompiledProgram, TracedNetwork } from './compile.js';
import type { ElementType } from './description.js';
import { ProgramRun } from './program-run.js';

/** Arrays of numbers, whatever their type. */
export type Numbers = ArrayLike<number>;

/** One step of a program over arrays: all that it reads is given, and nothing is kept. */
export interface ArrayRunInputs {
  /** In the order of their slots. */
  readonly parameters: readonly Numbers[];
  /** Of each input of the network, all samples. */
  readonly inputs: readonly Numbers[];
  readonly samples: number;
  /**
   * Class indices.
   * @default 0 for every sample
   */
  readonly labels?: Int32Array | undefined;
  /** Of each sample in the shape of the output, for losses that read them. */
  readonly targets?: Float32Array | undefined;
  /** Of each sample. */
  readonly weights?: Float32Array | undefined;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ArrayRun {
  readonly run: NativeRun;
  /** Of mode `gradients`: those of the parameters, in the order of their slots. */
  readonly gradients: readonly FloatArray[];
}

/** Runs a program of mode `predict`, `evaluate` or `gradients` for one step of all samples. */
export async function runOnArrays(
  network: TracedNetwork,
  program: CompiledProgram,
  { parameters, inputs, samples, labels, targets, weights, threads, signal }: ArrayRunInputs,
): Promise<ArrayRun> {
  const { element, stores: slots } = program.description;
  const sizes = network.parameters.map(({ shape }) => sizeOf(shape));
  const stores = slots.map(() => new native.Variables(element, sizes));
  // Tasks of the executor run in their order: values are there before the run begins.
  void stores[0]?.write(parameters.map((values) => toElement(element, values)));
  const parts = network.inputs.map(({ shape }, i) => {
    return { samples: toElement(element, inputs[i] ?? []), features: sizeOf(shape) };
  });
  const running = new ProgramRun(
    program,
    {
      stores,
      dataset: new native.Dataset(
        parts,
        labels ?? (targets ? null : new Int32Array(samples)),
        targets && { samples: targets, features: targets.length / samples },
        weights,
      ),
      order: inOrder(samples),
      batchSize: samples,
      scalars: new Float64Array(0),
      threads,
    },
    signal,
  );
  const run = await running.finished();
  return { run, gradients: stores.length > 1 ? ((await stores[1]?.read()) ?? []) : [] };
}

/** The output of a run, which holds several values for each sample one after another, as an array for each value. */
export function splitOutput(output: FloatArray, sizes: readonly number[], samples: number): FloatArray[] {
  const features = sizes.reduce((sum, size) => sum + size, 0);
  let first = 0;
  return sizes.map((size) => {
    const values = output instanceof Float64Array ? new Float64Array(samples * size) : new Float32Array(samples * size);
    for (let i = 0; i < samples; i++) {
      const start = i * features + first;
      values.set(output.subarray(start, start + size), i * size);
    }
    first += size;
    return values;
  });
}

/** Values as an array of a program's element type: themselves, if they are one. */
export function toElement(element: ElementType, values: Numbers): FloatArray {
  if (element === 'float64') return values instanceof Float64Array ? values : Float64Array.from(values);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

import { native } from '../native.js';
import { splitOutput } from '../program/array-run.js';
import { ProgramRun } from '../program/program-run.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { inOrder } from '../util/permutation.js';
import { sizeOf } from '../util/shape.js';
import { capacityFor, checkSamples, type Prediction, type Samples } from './prediction.js';
import { type RunOptions, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';

/** Options of `model.activations`. */
export interface ActivationsOptions extends Omit<RunOptions, 'memoryLimit'> {
  /**
   * Samples a step.
   * @default 32
   */
  batchSize?: number;
}

/** What every layer makes of the samples, by its name. */
export async function activations(
  runtime: Runtime,
  samples: Samples,
  options: ActivationsOptions,
): Promise<Record<string, Prediction>> {
  const who = 'model.activations';
  checkOptions(who, options, ['batchSize', 'threads', 'isa', 'signal']);
  const { parts, size } = checkSamples(who, samples, runtime.inputs);
  const { batchSize: wanted = 32 } = options;
  const batchSize = Math.min(checkInteger(who, 'batchSize', wanted, 1), Math.max(size, 1));
  const { threads, isa, signal } = runSettings(who, options);
  const { nodes } = runtime.graph;
  const sizes = nodes.map(({ outputShape }) => sizeOf(outputShape));
  const outputs = size === 0 ? sizes.map(() => new Float32Array(0)) : splitOutput(await run(), sizes, size);
  return Object.fromEntries(
    nodes.map(({ name, outputShape }, i) => [
      name,
      { data: outputs[i] as Float32Array, shape: [size, ...outputShape] },
    ]),
  );

  async function run() {
    const inputs = {
      stores: runtime.stores('predict'),
      dataset: new native.Dataset(parts, null),
      order: inOrder(size),
      batchSize,
      scalars: new Float64Array(0),
      threads,
    };
    return (
      await new ProgramRun(runtime.activationsProgram(capacityFor(batchSize), isa), inputs, signal).finished()
    ).output();
  }
}

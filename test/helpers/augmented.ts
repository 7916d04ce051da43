import type { AugmentationConfig } from 'cnnative';
import { augmentationFrom } from '#lib/augmentations/from-option.js';
import { type FloatArray, native } from '#lib/native.js';
import type { InputTransform } from '#lib/program/compile.js';
import { describeProgram } from '#lib/program/describe-program.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { inOrder } from '#lib/util/permutation.js';
import { sizeOf } from '#lib/util/shape.js';
import type { Kernels } from './isas.js';

export interface AugmentedOptions extends Kernels {
  readonly seed?: number;
  readonly epoch?: number;
  readonly batchSize?: number;
  readonly threads?: number;
  readonly order?: Int32Array;
  readonly keys?: Int32Array;
  readonly transform?: InputTransform;
}

/** What the first call of a training step makes of samples. */
export async function augmented(
  images: Uint8Array | FloatArray,
  shape: readonly number[],
  augment: readonly AugmentationConfig[],
  options: AugmentedOptions = {},
): Promise<FloatArray> {
  const { isa = 'scalar', element = 'float32', seed = 0, epoch = 0, threads = 2, keys } = options;
  const [channels = 0] = shape;
  const ones = new Array<number>(channels).fill(1);
  const raw = { channels, scale: ones, shift: new Array<number>(channels).fill(0) };
  const input = { shape, producer: null };
  const network = { inputs: [input], output: input, operations: [], parameters: [] };
  const { order = inOrder(images.length / sizeOf(shape)), batchSize = order.length } = options;
  const description = describeProgram(network, {
    // Fewer samples would be laid out in lanes of channels, which nothing is trained in.
    ...{ mode: 'predict', batchSize: Math.max(16, batchSize), isa, element, seed },
    ...{ transforms: [options.transform ?? raw], augment: augment.map((one) => augmentationFrom('test', one)) },
  });
  const inputs = {
    stores: [new native.Variables(element, [])],
    dataset: new native.Dataset([{ samples: images, features: sizeOf(shape) }], null),
    ...{ order, batchSize, scalars: new Float64Array(0), epoch, threads },
    ...(keys && { keys }),
  };
  return (await new ProgramRun({ native: new native.Program(description) }, inputs).finished()).output();
}

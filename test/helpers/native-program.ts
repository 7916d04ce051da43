import { layers, optimizers } from 'cnnative';
import { type IsaName, type NativeVariables, native, type RunInputs } from '#lib/native.js';
import type { Mode } from '#lib/program/compile.js';
import type { BufferDescription, CallDescription, ProgramDescription } from '#lib/program/description.js';
import { inOrder } from '#lib/util/permutation.js';
import { TestNetwork } from './test-network.js';

/** A description to be changed at will: for programs that native code must reject. */
export type LooseDescription = {
  -readonly [K in keyof Omit<ProgramDescription, 'buffers' | 'calls' | 'stores'>]: unknown;
} & {
  stores: unknown[];
  buffers: Record<keyof BufferDescription | 'offset' | 'store' | 'slot', unknown>[];
  calls: (Record<keyof CallDescription, unknown> & {
    operands: Record<string, unknown>;
    attributes: Record<string, unknown>;
  })[];
};

/** Between its modes, its programs make every kind of call there is. */
export const everyOperator = new TestNetwork(
  [2, 6, 5],
  [
    layers.conv2d({ filters: 3, kernelSize: [3, 2], padding: 1, activation: 'tanh', kernelRegularizer: { l2: 0.01 } }),
    layers.maxPooling2d({ poolSize: 2, strides: [2, 1], padding: [0, 1, 1, 0] }),
    layers.gaussianNoise({ stddev: 0.1 }),
    layers.activation({ activation: 'sigmoid' }),
    layers.prelu(),
    layers.gelu(),
    layers.leakyRelu(),
    layers.spatialDropout2d({ rate: 0.25 }),
    layers.flatten(),
    layers.dense({ units: 5, activation: 'softmax' }),
    layers.logSoftmax(),
    layers.dense({ units: 4, activation: 'softmax' }),
  ],
);

export const MODES: readonly Mode[] = ['train', 'gradients', 'evaluate', 'predict'];

/** Samples of a full batch: three lane groups, the last one in part. */
export const BATCH = 40;

const optimizer = optimizers.sgd({ momentum: 0.9 });
const descriptions = new Map(MODES.map((mode) => [mode, everyOperator.description(mode, BATCH, { optimizer })]));

/** A good description, as a copy of its own. */
export function describeAny(mode: Mode): LooseDescription {
  return structuredClone(descriptions.get(mode)) as unknown as LooseDescription;
}

/** With {@link everyOperator}, every call of predictions of few samples. */
const fewSamples = new TestNetwork(
  [3, 6, 5],
  [
    layers.conv2d({ filters: 18, kernelSize: 3, padding: 1 }),
    layers.averagePooling2d({ poolSize: 2 }),
    layers.batchNormalization(),
    layers.conv2d({ filters: 18, kernelSize: 3, padding: 'same', groups: 18, activation: 'tanh' }),
    layers.batchNormalization(),
    layers.maxPooling2d({ poolSize: 2, strides: 1, padding: [0, 1, 1, 0] }),
    layers.flatten(),
    layers.dense({ units: 5, useBias: false }),
    layers.batchNormalization(),
    layers.activation({ activation: 'softmax' }),
  ],
);

/** Samples of a full batch whose lanes are channels. */
export const FEW = 4;

/** A good description of a prediction of few samples, as a copy of its own; for no scalar kernels. */
export function describeFewSamples(isa: IsaName): LooseDescription {
  return structuredClone(fewSamples.description('predict', FEW, { isa })) as unknown as LooseDescription;
}

/** Good inputs of a run of it. */
export function inputsForFewSamples(): RunInputs {
  const { features } = fewSamples;
  const samples = Float32Array.from({ length: (FEW + 1) * features }, (_, i) => (i % 17) / 17);
  return {
    stores: [fewSamples.variables('float32')],
    dataset: new native.Dataset([{ samples, features }], null),
    order: inOrder(FEW + 1),
    batchSize: FEW,
    scalars: new Float64Array(0),
    threads: 3,
  };
}

/** Inputs of 6 and of 4 elements. */
export const twoInputs = new TestNetwork(
  [6],
  (...inputs) => layers.add().apply(inputs.map((input) => layers.dense({ units: 3, activation: 'tanh' }).apply(input))),
  [4],
);

/** A good description of a program with two inputs, as a copy of its own. */
export function describeTwoInputs(mode: Mode): LooseDescription {
  return structuredClone(twoInputs.description(mode, BATCH, { optimizer })) as unknown as LooseDescription;
}

/** Hands whatever it is to native code. */
export function load(description: unknown) {
  return new native.Program(description as ProgramDescription);
}

/** Stores with the slots that a good description of a mode names. */
export function storesFor(mode: Mode): NativeVariables[] {
  const one = everyOperator.variables('float32');
  return mode === 'train' || mode === 'gradients' ? [one, everyOperator.variables('float32')] : [one];
}

/** Good inputs of a run, over two batches. */
export function inputsFor(mode: Mode): RunInputs {
  const size = BATCH + 7;
  const { features, classes } = everyOperator;
  const samples = Float32Array.from({ length: size * features }, (_, i) => (i % 17) / 17);
  const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
  return {
    stores: storesFor(mode),
    dataset: new native.Dataset([{ samples, features }], labels),
    order: inOrder(size),
    batchSize: BATCH,
    scalars: new Float64Array(mode === 'train' ? 2 * optimizer.scalars : 0).fill(0.01),
    threads: 2,
  };
}

// Gradients are looked through where they are written, by calls of several kinds: here each kind writes one that is not finite while
// all else of the step is.
import test from 'ava';
import { datasets, input, layers, model, optimizers, regularizers, type SymbolicTensor, TrainingError } from 'cnnative';
import { sizeOf } from '#lib/util/shape.js';
import { fingerprint } from '../helpers/trained.js';

const conv = (kernelSize: number, strides = 1) =>
  layers.conv2d({ filters: 8, kernelSize, strides, padding: 'same', name: 'first' });
const flatten = (x: SymbolicTensor) => layers.flatten().apply(x);

const cases: Record<string, (x: SymbolicTensor) => SymbolicTensor> = {
  'a dense layer': (x) => layers.dense({ units: 37, name: 'first' }).apply(flatten(x)),
  'a dense layer with a penalty': (x) =>
    layers.dense({ units: 5, kernelRegularizer: regularizers.l2(0.1), name: 'first' }).apply(flatten(x)),
  'a convolution of 5x5': (x) => conv(5).apply(x),
  'a convolution of 3x3': (x) => conv(3).apply(x),
  'a convolution of 1x1': (x) => conv(1).apply(x),
  'a strided convolution': (x) => conv(3, 2).apply(x),
  'a depthwise convolution': (x) => layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'first' }).apply(x),
  'a layer applied twice': (x) => {
    const shared = conv(3);
    return layers.add().apply([shared.apply(x), shared.apply(x)]);
  },
  'a parametric ReLU': (x) => layers.prelu({ name: 'first' }).apply(x),
};

const shape = [19, 9, 9];

for (const [what, build] of Object.entries(cases)) {
  for (const batchSize of [3, 16, 50]) {
    test(`the gradient of ${what}, batch ${batchSize}`, async (t) => {
      const inputs = input({ shape });
      const outputs = flatten(build(inputs));
      const network = model({ inputs, outputs });
      network.compile({ optimizer: optimizers.sgd(), loss: 'meanSquaredError' });
      // The output is zero, so the loss is finite, but the gradient is a sum of samples times errors.
      const weights = Object.entries(await network.getWeights());
      await network.setWeights(
        Object.fromEntries(weights.map(([name, { data }]) => [name, new Float32Array(data.length)])),
      );
      const before = await fingerprint(network);
      // One pixel of one channel: the zeros around must not hide it.
      const images = new Float32Array(batchSize * sizeOf(shape));
      for (let sample = 0; sample < batchSize; sample++) images[sample * sizeOf(shape) + 17 * 81 + 4 * 9 + 4] = -3e38;
      const targetShape = outputs.shape;
      const set = (error: number) => {
        const targets = new Float32Array(batchSize * sizeOf(targetShape)).fill(error);
        return datasets.fromArrays({ images, shape, targets, targetShape });
      };
      const error = await t.throwsAsync(network.fit(set(1e12), { batchSize }), { instanceOf: TrainingError });
      const { nonFinite } = error as TrainingError;
      t.like(nonFinite, { step: 1, place: 'gradients' });
      t.regex(nonFinite?.layer ?? '', /^first/);
      t.is(await fingerprint(network), before);
      // With small errors all is finite.
      await network.fit(set(1e-30), { batchSize });
      t.not(await fingerprint(network), before);
    });
  }
}

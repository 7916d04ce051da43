// Lane groups left over after each thread has taken a whole one are shared by all threads, call by call.
import test from 'ava';
import { input, layers, type Model, model, optimizers, type SymbolicTensor } from 'cnnative';
import { isas } from '../helpers/isas.js';
import { noise } from '../helpers/small.js';
import { trained } from '../helpers/trained.js';

const SHAPE = [3, 9, 10];

/** Every kind of convolution beside each other, and all that networks put between them. */
function everyKind(): Model {
  const image = input({ shape: SHAPE });
  const activation = (name: 'relu' | 'sigmoid') => layers.activation({ activation: name });
  // Direct, for its stride and its few channels.
  const direct = layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same' }).apply(image);
  const normal = activation('relu').apply(layers.batchNormalization().apply(direct));
  const winograd = layers.conv2d({ filters: 24, kernelSize: 3, padding: 'same' }).apply(normal);
  const pointwise = layers.conv2d({ filters: 24, kernelSize: 1, activation: 'sigmoid' }).apply(normal);
  const sum = activation('relu').apply(layers.add().apply([layers.batchNormalization().apply(winograd), pointwise]));
  const pooled = layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 1 }).apply(sum);
  const grouped = layers.conv2d({ filters: 12, kernelSize: 3, groups: 4, activation: 'tanh' }).apply(pooled);
  const depthwise = layers.conv2d({ filters: 12, kernelSize: 3, padding: 'same', groups: 12 }).apply(grouped);
  const mean = layers.averagePooling2d({ poolSize: 2, strides: 1 }).apply(activation('sigmoid').apply(depthwise));
  const merged = mergeEveryWay(mean);
  const hidden = layers.dense({ units: 21, activation: 'sigmoid' }).apply(layers.flatten().apply(merged));
  const made = model({
    inputs: image,
    outputs: layers.dense({ units: 10, activation: 'softmax' }).apply(hidden),
    seed: 6,
  });
  const optimizer = optimizers.sgd({ learningRate: 0.05, momentum: 0.9 });
  made.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  return made;
}

/** A tensor normalised in every way that is of each sample alone, and merged and turned in every way. */
function mergeEveryWay(x: SymbolicTensor): SymbolicTensor {
  const normal = [
    layers.layerNormalization().apply(x),
    layers.groupNormalization({ groups: 3 }).apply(x),
    layers.instanceNormalization().apply(x),
    layers.localResponseNormalization({ alpha: 1 }).apply(x),
  ];
  const merged = [layers.multiply(), layers.average(), layers.maximum()].map((layer) => layer.apply(normal));
  return layers.permute({ axes: [2, 0, 1] }).apply(layers.concatenate().apply(merged));
}

for (const isa of isas) {
  for (const batchSize of [7, 16, 40]) {
    // One after another: runs that take turns would change the number of threads at each turn, which takes longer than they do.
    test.serial(`${isa} threads that share lane groups change no bit of a training, batch ${batchSize}`, async (t) => {
      const data = noise(2 * batchSize, SHAPE, 10);
      const options = { epochs: 2, batchSize, isa };
      const expected = await trained(everyKind(), data, { ...options, threads: 1 });
      t.is(expected.losses.length, 4);
      t.true(expected.losses.every(Number.isFinite));
      for (const threads of [2, 3, 4, 5]) {
        t.deepEqual(await trained(everyKind(), data, { ...options, threads }), expected, `${threads} threads`);
      }
    });
  }
}

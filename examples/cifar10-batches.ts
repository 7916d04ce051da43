// CIFAR-10 from its Python batches: a 5x5 convolution, pooling, a 3x3 convolution, overlapping pooling, 64 units, softmax;
// its tables of shapes, the fixed kernels it began with, and what it learns once every layer has channels.
//
//   npm run example cifar10-batches          (--files: one file an epoch; --full-batch: 10 000 images a step)
import { parseArgs } from 'node:util';
import { datasets, initializers, layers, ops, optimizers, sequential } from 'cnnative';
import { enough, first, heading, isQuick, reached } from './support.js';

const { values: options } = parseArgs({ options: { files: { type: 'boolean' }, 'full-batch': { type: 'boolean' } } });

const GAUSSIAN = [1, 4, 6, 4, 1].map((a) => [1, 4, 6, 4, 1].map((b) => (a * b) / 256));
const SHARPEN = [
  [0, -1, 0],
  [-1, 5, -1],
  [0, -1, 0],
];
/** A kernel with one filter that treats all channels alike. */
const alike = (channels: number, taps: readonly (readonly number[])[]) => ({
  data: Array.from({ length: channels }, () => taps.flat()).flat(),
  shape: [1, channels, taps.length, taps.length],
});

const { train, test } = enough(await datasets.cifar10({ format: 'python' }), 5000);
console.log('classes:', train.classNames?.join(', '));

heading('Shapes with one output channel in each layer, from fixed kernels');
const sample = first(train, 2);
const x = { data: Float32Array.from(sample.images, (pixel) => pixel / 255), shape: [2, 3, 32, 32] };
const one = { kernel: alike(3, GAUSSIAN), activation: 'relu' } as const;
const two = { kernel: alike(1, SHARPEN), activation: 'relu' } as const;
const convolved1 = await ops.conv2d(x, one);
const pooled1 = await ops.maxPooling2d(convolved1, { poolSize: 2, strides: 2 });
const convolved2 = await ops.conv2d(pooled1, two);
const pooled2 = await ops.maxPooling2d(convolved2, { poolSize: 2, strides: 1 });
const show = (what: string, { shape }: { shape: readonly number[] }) =>
  console.log(what.padEnd(20), `(${shape.join(', ')})`);
for (const [name, y] of Object.entries({ convolved1, pooled1, convolved2, pooled2 })) show(name, y);

heading('And backwards');
const ones = { data: new Float32Array(pooled2.data.length).fill(1), shape: pooled2.shape };
const pool2 = await ops.gradients('maxPooling2d', ones, convolved2, { poolSize: 2, strides: 1 });
const conv2 = await ops.gradients('conv2d', pool2.x, pooled1, two);
const pool1 = await ops.gradients('maxPooling2d', conv2.x, convolved1, { poolSize: 2, strides: 2 });
const conv1 = await ops.gradients('conv2d', pool1.x, x, one);
show('pooled2', pool2.x);
show('convolved2', conv2.x);
show('  its kernel', conv2.kernel);
show('pooled1', pool1.x);
show('convolved1', conv1.x);
show('  its kernel', conv1.kernel);

heading('The same kernels as first weights of a model');
const narrow = sequential({ input: { shape: [3, 32, 32] }, seed: 1 }, [
  layers.conv2d({
    filters: 1,
    kernelSize: 5,
    activation: 'relu',
    kernelInitializer: initializers.values(one.kernel.data),
  }),
  layers.maxPooling2d({ poolSize: 2, strides: 2 }),
  layers.conv2d({
    filters: 1,
    kernelSize: 3,
    activation: 'relu',
    kernelInitializer: initializers.values(two.kernel.data),
  }),
  layers.maxPooling2d({ poolSize: 2, strides: 1 }),
  layers.flatten(),
  layers.dense({ units: 64, activation: 'relu' }),
  layers.dense({ units: 10, activation: 'softmax' }),
]);
const { 'conv2d/kernel': kernel } = await narrow.getWeights();
console.log('the first row of the first kernel:', Array.from(kernel?.data.subarray(0, 5) ?? []).join(' '));

heading('With channels of its own in every layer it learns');
const model = sequential(
  { input: { shape: [3, 32, 32], mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26] }, seed: 1 },
  [
    layers.conv2d({ filters: 32, kernelSize: 5, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2, strides: 2 }),
    layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2, strides: 1 }),
    layers.flatten(),
    layers.dense({ units: 64, activation: 'relu' }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
);
console.log(model.summary());
model.compile({
  optimizer: optimizers.sgd({ learningRate: options['full-batch'] ? 0.05 : 0.01, momentum: 0.9 }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
const batchSize = options['full-batch'] ? 10_000 : 64;
if (options.files) {
  for (let file = 1; file <= 5; file++) {
    const batch = await datasets.cifar10({ format: 'python', files: [`data_batch_${file}`] });
    const { history } = await model.fit(batch, { batchSize });
    console.log(
      `data_batch_${file}: loss ${history.loss[0]?.toFixed(3)}, accuracy ${history.accuracy?.[0]?.toFixed(3)}`,
    );
  }
} else {
  const { history } = await model.fit(train, { epochs: 5, batchSize });
  console.log('accuracy after each epoch:', history.accuracy?.map((value) => value.toFixed(3)).join(' '));
}
const { accuracy = 0 } = await model.evaluate(test);
// One pass over the files, or 25 steps of full batches, learn less than the five epochs.
if (options.files || options['full-batch']) console.log(`test accuracy: ${accuracy.toFixed(4)}`);
else reached('test accuracy', accuracy, isQuick ? 0.3 : 0.65);

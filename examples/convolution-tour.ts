// A tour of convolution's variants on a digit from a JPEG, then networks built from tables of sizes: a fully convolutional
// one and LeNet-5 with sigmoids, with all activations of a forward pass and the losses of fresh networks.
//
//   npm run example convolution-tour [picture]
import {
  type ActivationName,
  datasets,
  images,
  initializers,
  type Layer,
  layers,
  ops,
  optimizers,
  sequential,
} from 'cnnative';
import { enough, first, heading, isQuick, normal, reached } from './support.js';

const { train, test } = enough(await datasets.mnist(), 4000);

heading('A digit in a JPEG, resized to 32x32, with its one channel first');
const picture = process.argv[2] ?? 'examples/data/digit.jpg';
const digit = await images.read(picture, { height: 32, width: 32, channels: 1 });
const x = { data: Float32Array.from(digit.data, (pixel) => pixel / 255), shape: digit.shape };
console.log(picture, x.shape);

// Weights are [outputs, inputs, height, width].
const kernel = normal([8, 1, 5, 5]);
const bias = normal([8]);

heading('Padding, strides, groups, dilation');
const show = (what: string, y: { shape: readonly number[] }) => console.log(what.padEnd(44), y.shape.join(' x '));
for (const padding of ['full', 'same', 'valid'] as const) {
  show(`padding '${padding}'`, await ops.conv2d(x, { kernel, bias, padding }));
}
const y = await ops.conv2d(x, { kernel, bias, padding: 'same' });
show('stride 2', await ops.conv2d(x, { kernel, bias, padding: 'same', strides: 2 }));
show('groups of 2 channels', await ops.conv2d(y, { kernel: normal([8, 2, 5, 5]), padding: 'same', groups: 4 }));
const depthwise = await ops.depthwiseConv2d(y, { kernel: normal([8, 1, 5, 5]), padding: 'same' });
show('depthwise: each channel for itself', depthwise);
show('1x1: twice the channels', await ops.conv2d(depthwise, { kernel: normal([16, 8, 1, 1]) }));
show('dilation 2: 5x5 taps over 9x9 pixels', await ops.conv2d(x, { kernel, bias, dilation: 2 }));
show('transposed, stride 2', await ops.conv2dTranspose(y, { kernel: normal([8, 4, 2, 2]), strides: 2 }));
show('max pooling cuts off what fills no window', await ops.maxPooling2d(y, { poolSize: 3 }));

/** Sizes of a network, layer by layer: kernels `[inputs, outputs, height, width]`, pooling windows, units. */
interface Sizes {
  readonly convSizes: readonly (readonly [number, number, number, number] | 0)[];
  readonly maxpoolSizes: readonly number[];
  readonly fcSizes: readonly number[];
  readonly activations: readonly (ActivationName | null)[];
  readonly weightScale?: number;
  readonly biasScale?: number;
}

/** A network from a table of sizes: where a size is given, there is a layer of that kind. */
function networkOf({ convSizes, maxpoolSizes, fcSizes, activations, weightScale = 0.01, biasScale = 0 }: Sizes) {
  const kernelInitializer = initializers.randomNormal({ stddev: weightScale });
  const biasInitializer = biasScale > 0 ? initializers.randomNormal({ stddev: biasScale }) : initializers.zeros();
  const made: Layer[] = [];
  let isFlat = false;
  activations.forEach((activation, i) => {
    const [, filters, height, width] = convSizes[i] || [];
    const units = fcSizes[i] && fcSizes[i + 1];
    if (units) {
      if (!isFlat) made.push(layers.flatten());
      isFlat = true;
      made.push(layers.dense({ units, kernelInitializer, biasInitializer }));
    } else if ((maxpoolSizes[i] ?? 1) > 1) {
      made.push(layers.maxPooling2d({ poolSize: maxpoolSizes[i] as number }));
    } else if (filters && height && width) {
      made.push(layers.conv2d({ filters, kernelSize: [height, width], kernelInitializer, biasInitializer }));
    }
    if (activation) made.push(layers.activation({ activation }));
  });
  if (!isFlat) made.push(layers.flatten());
  // Digits of 28x28 in frames of 32x32.
  return sequential({ input: { shape: [1, 28, 28] }, seed: 1 }, [layers.zeroPadding2d({ padding: 2 }), ...made]);
}

const fullyConvolutional: Sizes = {
  convSizes: [[1, 8, 5, 5], 0, [8, 32, 5, 5], 0, [32, 64, 5, 5], [64, 10, 1, 1]],
  maxpoolSizes: [1, 2, 1, 2, 1, 1],
  fcSizes: [0, 0, 0, 0, 0, 0],
  activations: ['sigmoid', null, 'sigmoid', null, 'sigmoid', null],
};
const lenet5: Sizes = {
  convSizes: [[1, 6, 5, 5], 0, [6, 16, 5, 5], 0, 0, 0, 0],
  maxpoolSizes: [1, 2, 1, 2, 1, 1, 1],
  fcSizes: [0, 0, 0, 0, 400, 120, 84, 10],
  activations: ['sigmoid', null, 'sigmoid', null, 'sigmoid', 'sigmoid', null],
};

for (const [name, sizes] of Object.entries({
  'The fully convolutional network': fullyConvolutional,
  'LeNet-5': lenet5,
})) {
  heading(name);
  const model = networkOf(sizes);
  for (const [layer, { shape }] of Object.entries(await model.activations(train.images.subarray(0, 784)))) {
    console.log(`${layer.padEnd(16)} ${shape.slice(1).join(' x ')}`);
  }
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const { loss } = await model.evaluate(test);
  console.log(`first loss: ${loss.toFixed(4)}; ln 10 is ${Math.log(10).toFixed(4)}`);
  if (Math.abs(loss / Math.log(10) - 1) > 0.02) throw new Error('expected a first loss within 2 % of ln 10');
  const each = await model.losses(first(test, 5));
  console.log('of five samples:', Array.from(each, (value) => value.toFixed(3)).join(' '));
}

heading('The fully convolutional network with relus and weights of a sounder scale learns');
const model = networkOf({
  ...fullyConvolutional,
  activations: ['relu', null, 'relu', null, 'relu', null],
  weightScale: 0.1,
});
model.compile({
  optimizer: optimizers.sgd({ learningRate: 0.02, momentum: 0.9 }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await model.fit(train, { epochs: isQuick ? 3 : 1, batchSize: 64 });
reached('test accuracy', (await model.evaluate(test)).accuracy ?? 0, isQuick ? 0.8 : 0.97);

// Two convolutions and a softmax on MNIST, with what a notebook shows along the way: shapes, correlation against
// convolution, im2col, the backward formula, finite differences, a penalty on weights, and a squared-error cost.
//
//   npm run example two-convolutions
import { checkGradients, datasets, layers, ops, optimizers, regularizers, sequential } from 'cnnative';
import { agree, channelsLast, enough, first, heading, isQuick, reached } from './support.js';

heading('Cross-correlation slides the kernel as it is, convolution turns it by 180 degrees first');
const image = [
  [
    [1, 2, 3, 4, 5],
    [6, 7, 8, 9, 10],
    [11, 12, 13, 14, 15],
    [16, 17, 18, 19, 20],
  ],
]; // [1, 4, 5]
const kernel = [
  [
    [
      [1, 2, 0],
      [0, 1, 0],
      [0, 0, -1],
    ],
  ],
]; // [1, 1, 3, 3]
console.log('cross-correlation', JSON.stringify(await ops.conv2d(image, { kernel })));
const convolved = await ops.conv2d(image, { kernel, flip: true });
console.log('convolution      ', JSON.stringify(convolved));
const turned = await ops.conv2d(image, { kernel: ops.rot180(kernel) });
agree('convolution, and correlation with the turned kernel', convolved.flat(2), turned.flat(2));

heading('im2col: a column for each place of the window');
const columns = ops.im2col(image, { kernelSize: 3 }); // [9, 2 * 3]
for (const place of [0, 3, 5]) {
  console.log(`window ${place}:`, columns.map((row) => row[place]).join(' '));
}

heading('The gradient of the input is a full convolution with the kernel');
const dy = [
  [
    [1, -1, 2],
    [0, 3, 1],
  ],
]; // of the output, [1, 2, 3]
const { x: dx } = await ops.gradients('conv2d', dy, image, { kernel });
const full = await ops.conv2d(dy, { kernel, padding: 'full', flip: true });
agree("conv2(dy, rot180(w), 'full') and our data gradient", dx.flat(2), full.flat(2));

heading('The network');
const build = (penalty: number) => {
  const kernelRegularizer = regularizers.l2(penalty);
  return sequential({ input: { shape: [1, 28, 28] }, seed: 1 }, [
    layers.conv2d({ filters: 32, kernelSize: 3, kernelRegularizer }),
    layers.activation({ activation: 'relu' }),
    layers.conv2d({ filters: 32, kernelSize: 3, kernelRegularizer }),
    layers.activation({ activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: 10, kernelRegularizer }),
  ]);
};
const model = build(1e-4);
const { train, test } = enough(await datasets.mnist(), 6000);
let input: readonly number[] = [1, 28, 28];
for (const [name, { shape }] of Object.entries(await model.activations(train.images.subarray(0, 784)))) {
  const output = shape.slice(1);
  console.log(`${name.padEnd(12)} ${channelsLast(input)} -> ${channelsLast(output)}`);
  input = output;
}

heading('Our gradients against finite differences in double precision');
model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
const check = await checkGradients(model, first(train, 4));
for (const { name, float32 } of check.tensors) {
  // Every change of a bias moves some pixel across the kink of a relu: nothing is compared then.
  const worst =
    float32 === null
      ? 'left out, kinks everywhere'
      : `worst at [${float32.index.join(', ')}]: ${float32.ours.toExponential(5)}, by differences ${float32.numeric.toExponential(5)}`;
  console.log(name.padEnd(16), worst);
}
if (!check.passed) throw new Error('expected gradients that match finite differences');

heading('Two epochs of batches of 28: cross-entropy with an L2 penalty');
model.compile({
  optimizer: optimizers.sgd({ learningRate: 0.01, momentum: 0.9 }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await model.fit(train, { epochs: 2, batchSize: 28 });
reached('test accuracy', (await model.evaluate(test)).accuracy ?? 0, isQuick ? 0.9 : 0.98);

heading("The same network with the cost 1/2 sum (Y - Y')^2");
const squared = build(0);
squared.compile({
  optimizer: optimizers.sgd({ learningRate: 0.002, momentum: 0.9 }),
  loss: 'halfSumOfSquares',
  metrics: ['accuracy'],
});
await squared.fit(datasets.oneHot(train), { epochs: 1, batchSize: 28 });
reached('test accuracy', (await squared.evaluate(datasets.oneHot(test))).accuracy ?? 0, isQuick ? 0.85 : 0.96);

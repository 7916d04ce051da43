// The README's script with its results printed: LeNet-5 learns MNIST.
//
//   npm run build && npx tsc -p examples && node .examples-build/lenet5-mnist.js
import { datasets, layers, loadModel, optimizers, sequential } from 'cnnative';

const { train, test } = await datasets.mnist();
const model = sequential({ input: { shape: [1, 28, 28], mean: 0.1307, std: 0.3081 }, seed: 1 }, [
  layers.conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.flatten(),
  layers.dense({ units: 120, activation: 'relu' }),
  layers.dense({ units: 84, activation: 'relu' }),
  layers.dense({ units: 10, activation: 'softmax' }),
]);
model.compile({
  optimizer: optimizers.sgd({ learningRate: 0.01, momentum: 0.9 }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
console.log(model.summary());

const { history } = await model.fit(train, { epochs: 3, batchSize: 64, validationData: test });
console.log('test accuracy after each epoch:', history.valAccuracy);
console.log(await model.evaluate(test)); // { loss, accuracy }

const images = test.images.subarray(0, 8 * 784);
const probabilities = await model.predict(images); // { data: Float32Array, shape: [8, 10] }
for (let i = 0; i < 8; i++) {
  const row = probabilities.data.subarray(i * 10, (i + 1) * 10);
  const digit = row.indexOf(Math.max(...row));
  console.log(`image ${i}: a ${digit} with probability ${row[digit]?.toFixed(4)}, labelled ${test.labels[i]}`);
}

await model.save('runs/lenet5');
const again = await loadModel('runs/lenet5');
const repeated = await again.predict(images);
console.log('the loaded model predicts the same bits:', Buffer.compare(bytes(probabilities), bytes(repeated)) === 0);

function bytes({ data }: { data: Float32Array }): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

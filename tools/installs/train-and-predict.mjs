// Trains and predicts with the package, whichever way it was loaded.
import assert from 'node:assert/strict';

export async function trainAndPredict({ datasets, layers, optimizers, sequential }) {
  const { train, test } = await datasets.digits({ train: 500, test: 100, seed: 1 });
  const model = sequential({ input: { shape: train.shape }, seed: 1 }, [
    layers.conv2d({ filters: 4, kernelSize: 5, strides: 2, activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });
  const { history } = await model.fit(train, { epochs: 2, batchSize: 32 });
  assert.ok(history.loss[1] < history.loss[0], `losses ${history.loss}`);
  const { data, shape } = await model.predict(test.images.subarray(0, 3 * 784));
  assert.deepEqual(shape, [3, 10]);
  const sum = data.reduce((total, probability) => total + probability, 0);
  assert.ok(Math.abs(sum - 3) < 1e-4, `probabilities of three samples sum up to ${sum}`);
}

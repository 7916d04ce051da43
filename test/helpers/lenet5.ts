import { layers, type Model, optimizers, sequential } from 'cnnative';

/** LeNet-5 on 28x28 grey pixels, compiled with SGD and momentum. */
export function lenet5({ seed = 1 } = {}): Model {
  const model = sequential({ input: { shape: [1, 28, 28], mean: 0.1307, std: 0.3081 }, seed }, [
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
  return model;
}

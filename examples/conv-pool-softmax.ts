// A convolution of 8 kernels of 3x3, max pooling and a softmax, learning image by image; on MNIST and on Fashion-MNIST.
//
//   npm run example conv-pool-softmax
import { type Dataset, datasets, initializers, layers, optimizers, sequential } from 'cnnative';
import { enough, first, heading, isQuick, reached } from './support.js';

async function learn(name: string, train: Dataset, test: Dataset, least: number): Promise<void> {
  heading(name);
  // Pixels from 0 to 255 become -0.5 to 0.5; first weights are a standard normal over 9, and over the length of the input.
  const model = sequential({ input: { shape: [1, 28, 28], mean: 0.5 }, seed: 1 }, [
    layers.conv2d({ filters: 8, kernelSize: 3, kernelInitializer: initializers.randomNormal({ stddev: 1 / 9 }) }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({
      units: 10,
      activation: 'softmax',
      kernelInitializer: initializers.randomNormal({ stddev: 1 / (13 * 13 * 8) }),
    }),
  ]);
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0.005 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  console.log(`before training: ${JSON.stringify(await model.evaluate(first(test, 1000)))}`);
  let loss = 0;
  let correct = 0;
  for await (const event of model.train(train, { epochs: 1, batchSize: 1, logEvery: 1 })) {
    if (event.event !== 'step') continue;
    loss += event.loss;
    correct += event.accuracy ?? 0;
    if (event.step % 100 !== 0) continue;
    if (event.step <= 1000 || event.step % 10_000 === 0) {
      console.log(
        `[Step ${event.step}] Past 100 steps: Average Loss ${(loss / 100).toFixed(3)} | Accuracy: ${correct}%`,
      );
    }
    loss = 0;
    correct = 0;
  }
  reached('test accuracy', (await model.evaluate(test)).accuracy ?? 0, least);
}

const digits = enough(await datasets.mnist(), 5000);
await learn('MNIST', digits.train, digits.test, isQuick ? 0.8 : 0.95);
const fashion = enough(await datasets.fashionMnist(), 5000);
await learn('Fashion-MNIST', fashion.train, fashion.test, isQuick ? 0.65 : 0.82);

// Two padded 5x5 convolutions and two dense layers on MNIST, on mini-batches drawn at random, with a penalty on the dense
// weights: first with the tiny weights of a post, which stall, then with sound ones, which learn.
//
//   npm run example padded-convolutions
import { mkdir } from 'node:fs/promises';
import { datasets, images, initializers, layers, optimizers, regularizers, sequential } from 'cnnative';
import { enough, heading, isQuick, reached } from './support.js';

interface Options {
  readonly strides: number;
  readonly padding: number;
  /** Deviation of the first weights; sound ones of He's rule without. */
  readonly weightScale?: number;
}

const REG = 0.05;

function build({ strides, padding, weightScale }: Options) {
  const kernelInitializer =
    weightScale === undefined ? initializers.heNormal() : initializers.randomNormal({ stddev: weightScale });
  const convolution = { kernelSize: 5, strides, padding, activation: 'relu', kernelInitializer } as const;
  // reg / 2 * sum of squares, over a batch of sums: the post's penalty for each sample's mean loss.
  const dense = { kernelInitializer, kernelRegularizer: regularizers.l2(REG / 2 / 100) };
  return sequential({ input: { shape: [1, 28, 28] }, seed: 1 }, [
    layers.conv2d({ filters: 16, ...convolution }),
    layers.conv2d({ filters: 32, ...convolution }),
    layers.flatten(),
    layers.dense({ units: 100, activation: 'relu', ...dense }),
    layers.dense({ units: 10, ...dense }),
  ]);
}

const { train, test } = enough(await datasets.mnist(), 6000);
await mkdir('runs', { recursive: true });
await images.writeGrid('runs/mnist-samples.png', train, { rows: 4, columns: 10 });
console.log('samples of the training set: runs/mnist-samples.png');

async function learn(title: string, options: Options): Promise<number> {
  heading(title);
  const model = build(options);
  console.log(model.summary());
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0.01, momentum: 0.9 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  // Mini-batches of 64, drawn with replacement, for so many iterations.
  const { history } = await model.fit(train, {
    sampling: 'replacement',
    stepsPerEpoch: isQuick ? 100 : 250,
    batchSize: 64,
    epochs: 3,
  });
  console.log('loss after each stretch:', history.loss.map((loss) => loss.toFixed(3)).join(' '));
  return (await model.evaluate(test)).accuracy ?? 0;
}

const stalled = await learn('Weights of scale 1e-4: outputs are all but zero, and so are gradients', {
  strides: 1,
  padding: 2,
  weightScale: 1e-4,
});
console.log(`test accuracy: ${stalled.toFixed(4)}, about chance`);
if (stalled > 0.2) throw new Error('expected a training that stalls');
reached('test accuracy', await learn("He's rule instead", { strides: 1, padding: 2 }), isQuick ? 0.9 : 0.97);

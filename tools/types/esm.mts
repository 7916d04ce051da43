// An ES module that uses the main parts of the API, each with the type it must have. Compiled by `npm run test:types`.

import {
  augmentations,
  type Callback,
  CnnativeError,
  callbacks,
  checkGradients,
  type Dataset,
  datasets,
  type Evaluation,
  type History,
  info,
  input,
  type Layer,
  layers,
  loadModel,
  losses,
  type Model,
  metrics,
  model as modelOf,
  ops,
  optimizers,
  type Prediction,
  recipes,
  type SymbolicTensor,
  schedules,
  sequential,
  TrainingError,
} from 'cnnative';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when the value has exactly the type. */
function expect<T>() {
  return {
    of<V>(_value: V, ..._same: Same<V, T> extends true ? [] : ['another type', V]): void {},
  };
}

const { train, test } = await datasets.digits({ train: 200, test: 50, seed: 1 });
expect<Dataset>().of(train);
expect<Int32Array>().of(train.labels);

const network = sequential({ input: { shape: [1, 28, 28], mean: 0.13, std: [0.31] }, seed: 1 }, [
  layers.conv2d({ filters: 6, kernelSize: [5, 5], padding: 'same', activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.flatten(),
  layers.dense({ units: 10, activation: 'softmax' }),
]);
expect<Model>().of(network);
expect<number>().of(network.parameterCount);

const image = input({ shape: [3, 32, 32] });
const conv: Layer = layers.conv2d({ filters: 8, kernelSize: 3 });
const features: SymbolicTensor = conv.apply(image);
expect<Model>().of(modelOf({ inputs: image, outputs: layers.flatten().apply(features) }));

network.compile({
  optimizer: optimizers.adamw({ learningRate: schedules.oneCycle({ maxLearningRate: 0.01 }), weightDecay: 0.01 }),
  loss: losses.sparseCategoricalCrossentropy({ labelSmoothing: 0.1 }),
  metrics: ['accuracy', metrics.topK({ k: 3 })],
});

const stopWhenGood: Callback = {
  onEpochEnd: (event, training) => {
    expect<number | undefined>().of(event.valAccuracy);
    if ((event.valAccuracy ?? 0) > 0.99) training.stop();
  },
};
const history = await network.fit(train, {
  epochs: 1,
  batchSize: 32,
  validationData: test,
  augment: [augmentations.randomCrop({ padding: 2 }), augmentations.horizontalFlip()],
  callbacks: [callbacks.earlyStopping({ monitor: 'valLoss', patience: 2 }), stopWhenGood],
  signal: AbortSignal.timeout(60_000),
});
expect<History>().of(history);
expect<number[]>().of(history.history.loss);
expect<number[] | undefined>().of(history.history.valAccuracy);

// TypeScript 5.4 knows no `for await` at the top of a module that a bundler resolves.
async function follow(): Promise<void> {
  for await (const event of network.train(train, { epochs: 1, logEvery: 1 })) {
    if (event.event === 'step') expect<number>().of(event.loss);
    else if (event.event === 'checkpoint') expect<string>().of(event.path);
    // @ts-expect-error: there is no event of this name
    else if (event.event === 'batch') break;
  }
}
await follow();

const evaluation = await network.evaluate(test);
expect<Evaluation>().of(evaluation);
expect<number>().of(evaluation.loss);
expect<number | undefined>().of(evaluation.accuracy);
const prediction = await network.predict(test.images.subarray(0, 8 * 784));
expect<Prediction>().of(prediction);
expect<Float32Array>().of(prediction.data);
await network.save('somewhere');
expect<Promise<Model>>().of(loadModel('somewhere'));
void checkGradients(network);

expect<Model>().of(recipes.model('mnist-fast'));
expect<'scalar' | 'avx2' | 'avx512' | 'neon'>().of(info().isa);

// What is given as nested arrays comes back as nested arrays.
expect<number[][][][]>().of(await ops.conv2d([[[[1, 2]]]], { kernel: [[[[1]]]] }));
expect<number[]>().of((await ops.relu({ data: Float32Array.of(-1, 1), shape: [2] })).shape);

try {
  await network.fit(train);
} catch (error) {
  if (error instanceof TrainingError) expect<'ERR_TRAINING'>().of(error.code);
  else if (error instanceof CnnativeError) expect<string>().of(error.code);
}

// @ts-expect-error: an option that layers do not have
layers.conv2d({ filters: 6, kernelSize: 5, kernel: 5 });
// @ts-expect-error: filters are required
layers.conv2d({ kernelSize: 5 });
// @ts-expect-error: an activation that does not exist
layers.dense({ units: 10, activation: 'rely' });
// @ts-expect-error: a padding that does not exist
layers.conv2d({ filters: 6, kernelSize: 5, padding: 'sane' });
// @ts-expect-error: a loss that does not exist
network.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: 'crossentropy' });
// @ts-expect-error: an optimizer by its name, without its options
network.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
// @ts-expect-error: pixels as text
network.predict('image.png');
// @ts-expect-error: a recipe that does not exist
recipes.model('mnist-slow');
// @ts-expect-error: a dataset that does not exist
datasets.imagenet();
// @ts-expect-error: a convolution of an array needs its kernel
ops.conv2d([[[[1, 2]]]], {});
// @ts-expect-error: results are not to be written over
prediction.data = new Float32Array(1);
// @ts-expect-error: shapes are of numbers
sequential({ input: { shape: ['1', 28, 28] } }, []);

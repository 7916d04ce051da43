// What TypeScript must accept and refuse. Nothing here runs: the build of the tests fails where an error that is expected
// does not occur, or another does.
import {
  type Dataset,
  type DatasetSplit,
  datasets,
  type EpochEvent,
  model as functional,
  type History,
  type Info,
  type IsaName,
  images,
  type info,
  initializers,
  input,
  type Layer,
  layers,
  loadModel,
  losses,
  type Model,
  type ModelInput,
  type MultiInputDataset,
  metrics,
  optimizers,
  type Picture,
  type Prediction,
  type Profile,
  recipes,
  regularizers,
  type StepEvent,
  sequential,
  type TargetDataset,
} from 'cnnative';

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<_ extends true>(): void {}

export async function accepted(model: Model, set: Dataset): Promise<void> {
  await recipes.model('cifar10-94', { seed: 2 }).fit(set, { ...recipes.training('cifar10-94'), epochs: 1 });
  same<Same<ReturnType<typeof recipes.list>[number]['epochs'], number>>();
  const chain: Layer[] = [
    layers.conv2d({ filters: 2, kernelSize: [3, 1], strides: 2, padding: [0, 1, 2, 3], activation: 'relu' }),
    layers.conv2d({ filters: 2, kernelSize: 1, padding: 'same', useBias: false, name: 'second' }),
    layers.conv2d({ filters: 2, kernelSize: 3, padding: 'full', dilation: [1, 2], groups: 2, flip: true }),
    layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same', dilation: 2 }),
    layers.separableConv2d({ filters: 2, kernelSize: [3, 1], depthMultiplier: 2, activation: 'relu' }),
    layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, outputPadding: [1, 0], groups: 1 }),
    layers.maxPooling2d(),
    layers.maxPooling2d({ poolSize: 2, strides: [2, 1], padding: 1 }),
    layers.conv2d({
      filters: 1,
      kernelSize: 2,
      kernelInitializer: [
        [1, 2],
        [3, 4],
      ],
      biasInitializer: Float32Array.of(1),
    }),
    layers.spatialDropout2d({ rate: 0.5 }),
    layers.gaussianNoise({ stddev: 0.1, seed: 1 }),
    layers.groupNormalization({ groups: 2, epsilon: 1e-3, scale: false, center: true }),
    layers.permute({ axes: [2, 0, 1] as const }),
    layers.reshape({ targetShape: [-1, 4] as const }),
    layers.flatten(),
    layers.dropout({ rate: 0.5, name: 'drop' }),
    layers.dense({ units: 3, kernelInitializer: 'heNormal', biasInitializer: initializers.constant({ value: 1 }) }),
    layers.dense({ units: 3, kernelRegularizer: regularizers.l2(0.01), biasRegularizer: { l1: 0.1 } }),
    layers.dense({ units: 3, activation: 'softmax' }),
    layers.activation({ activation: 'tanh' }),
    layers.conv2d({ filters: 2, kernelSize: 1, activation: { type: 'leakyRelu', negativeSlope: 0.2 } }),
    layers.dense({ units: 3, activation: { type: 'elu' } }),
    layers.activation({ activation: 'logSoftmax' }),
    layers.leakyRelu({ negativeSlope: 0.2, name: 'leaky' }),
    layers.elu(),
    layers.gelu({ name: 'gelu' }),
    layers.prelu({ shared: true }),
  ];
  same<Same<ReturnType<typeof sequential>, Model>>();
  sequential({ inputShape: [1, 28, 28] }, chain);
  sequential({ input: { shape: [3, 8, 8] as const, mean: [0, 0, 0], std: 1, scale: 1 / 255 }, seed: 1 }, chain);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  model.compile({
    optimizer: optimizers.sgd({ momentum: 0.9 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });

  const history = await model.fit(set, { epochs: 1, batchSize: 2, validationData: set, shuffle: false, threads: 1 });
  same<Same<typeof history, History>>();
  same<Same<typeof history.history.loss, number[]>>();
  same<Same<typeof history.history.accuracy, number[] | undefined>>();
  for await (const event of model.train(set, { logEvery: 1, signal: AbortSignal.timeout(1) })) {
    if (event.event === 'step') same<Same<typeof event, StepEvent>>();
    if (event.event === 'epoch') same<Same<typeof event, EpochEvent>>();
  }
  const { loss, accuracy } = await model.evaluate(set, { isa: 'avx2' });
  same<Same<typeof loss, number>>();
  same<Same<typeof accuracy, number | undefined>>();
  const prediction = await model.predict(new Uint8Array(4));
  same<Same<typeof prediction, Prediction>>();
  await model.predict(new Float32Array(4), { batchSize: 1 });
  await model.predict([1, 2, 3] as const);
  await model.setWeights({ a: new Float32Array(1), b: { data: new Float32Array(1), shape: [1] } });
  await model.setWeights(await model.getWeights());
  same<Same<ReturnType<typeof model.summary>, string>>();
  model.summary({ batchSize: 64, phase: 'infer', threads: 1 });
  await model.fit(set, { memoryLimit: '2GB' });
  await model.predict([1], { memoryLimit: 2e9 });
  const profile = await model.profile({ phase: 'train', batchSize: 8, seconds: 1 });
  same<Same<typeof profile, Profile>>();
  same<Same<typeof profile.total.gflops, number>>();
  same<Same<ReturnType<typeof loadModel>, Promise<Model>>>();
  same<Same<ReturnType<typeof info>, Info>>();
  same<Same<Info['isa'], IsaName>>();
  const made = datasets.fromArrays({ images: new Uint8Array(4), labels: [0, 1], shape: [2] });
  same<Same<typeof made, Dataset>>();
  const both = await datasets.cifar10();
  same<Same<typeof both, DatasetSplit>>();
  const part = await datasets.cifar10({ dir: '.', format: 'python', split: 'test' });
  same<Same<typeof part, Dataset>>();
  const files = await datasets.cifar10({ files: ['data_batch_1'] as const });
  same<Same<typeof files, Dataset>>();
  await model.fit(set, { sampling: 'replacement', stepsPerEpoch: 100 });
  const picture = await images.read('a.jpg', { height: 32, width: 32, channels: 1, fit: 'cover' });
  same<Same<typeof picture, Picture>>();
  await model.predict(picture.data);
  await images.writeGrid('a.png', set, { rows: 2, columns: 3, labels: true });

  const numbers = datasets.fromArrays({ images: new Uint8Array(4), targets: [0, 1], targetShape: [1], shape: [2] });
  same<Same<typeof numbers, TargetDataset>>();
  model.compile({
    optimizer: optimizers.sgd(),
    loss: losses.binaryCrossentropy({ fromLogits: false, labelSmoothing: 0.1, reduction: 'sum' }),
    metrics: ['auc', metrics.topK({ k: 1 })],
  });
  await model.fit(numbers, { validationData: numbers });
  same<Same<ReturnType<typeof model.losses>, Promise<Float32Array>>>();
  const { auc, confusionMatrix } = await model.evaluate(numbers);
  same<Same<typeof auc, number | undefined>>();
  same<Same<typeof confusionMatrix, number[][] | undefined>>();
  same<Same<typeof history.history.valAuc, number[] | undefined>>();

  const inputs = [input({ shape: [1, 2, 2], mean: 0.5 }), input({ shape: [4], name: 'row' })];
  model = functional({ inputs, outputs: layers.add().apply(inputs) });
  same<Same<typeof model.inputs, readonly ModelInput[]>>();
  const arrays = [new Uint8Array(8), new Float32Array(8)];
  const several = datasets.fromArrays({ images: arrays, labels: [0, 1], shape: [[1, 2, 2], [4]] });
  same<Same<typeof several, MultiInputDataset>>();
  await model.fit(several, { validationData: several });
  await model.evaluate(several);
  await model.predict(arrays);
}

export function refusedLayers(chain: Layer[]): void {
  // @ts-expect-error filters is missing
  layers.conv2d({ kernelSize: 3 });
  // @ts-expect-error kernelSize is missing
  layers.conv2d({ filters: 3 });
  // @ts-expect-error a misspelt option
  layers.conv2d({ filters: 3, kernelSize: 3, stride: 2 });
  // @ts-expect-error a number is a number
  layers.conv2d({ filters: '3', kernelSize: 3 });
  // @ts-expect-error three sizes
  layers.conv2d({ filters: 3, kernelSize: [3, 3, 3] });
  // @ts-expect-error an unknown padding
  layers.conv2d({ filters: 3, kernelSize: 3, padding: 'reflect' });
  // @ts-expect-error flip is true or false
  layers.conv2d({ filters: 3, kernelSize: 3, flip: 1 });
  // @ts-expect-error three dilations
  layers.conv2d({ filters: 3, kernelSize: 3, dilation: [1, 2, 3] });
  // @ts-expect-error depthwise filters follow from the input
  layers.depthwiseConv2d({ filters: 3, kernelSize: 3 });
  // @ts-expect-error depthMultiplier, not multiplier
  layers.depthwiseConv2d({ kernelSize: 3, multiplier: 2 });
  // @ts-expect-error filters is missing
  layers.separableConv2d({ kernelSize: 3 });
  // @ts-expect-error groups are the depthwise part's own
  layers.separableConv2d({ filters: 3, kernelSize: 3, groups: 3 });
  // @ts-expect-error outputPadding is a number or a pair
  layers.conv2dTranspose({ filters: 3, kernelSize: 3, outputPadding: 'same' });
  // @ts-expect-error a transposed kernel is not flipped
  layers.conv2dTranspose({ filters: 3, kernelSize: 3, flip: true });
  // @ts-expect-error pooling has no full padding
  layers.maxPooling2d({ padding: 'full' });
  // @ts-expect-error softmax runs over classes
  layers.conv2d({ filters: 3, kernelSize: 3, activation: 'softmax' });
  // @ts-expect-error an option is given or left out, but not undefined
  layers.conv2d({ filters: 3, kernelSize: 3, strides: undefined });
  // @ts-expect-error an unknown activation
  layers.dense({ units: 3, activation: 'swish' });
  // @ts-expect-error the slope of leakyRelu is negativeSlope
  layers.dense({ units: 3, activation: { type: 'leakyRelu', alpha: 0.2 } });
  // @ts-expect-error relu has no parameter: its name is enough
  layers.dense({ units: 3, activation: { type: 'relu' } });
  // @ts-expect-error logSoftmax runs over classes
  layers.conv2d({ filters: 3, kernelSize: 3, activation: 'logSoftmax' });
  // @ts-expect-error alpha is a number
  layers.elu({ alpha: '1' });
  // @ts-expect-error relu has a name and nothing else
  layers.relu({ negativeSlope: 0.1 });
  // @ts-expect-error shared is true or false
  layers.prelu({ shared: 1 });
  // @ts-expect-error units is missing
  layers.dense({});
  // @ts-expect-error poolSize, not size
  layers.maxPooling2d({ size: 2 });
  // @ts-expect-error activation is missing
  layers.activation({});
  // @ts-expect-error flatten has a name and nothing else
  layers.flatten({ axis: 1 });
  // @ts-expect-error layers are a list
  sequential({ inputShape: [4] }, layers.flatten());
  // @ts-expect-error an unknown option
  sequential({ inputSize: [4] }, chain);
  // @ts-expect-error a shape is a list of numbers
  sequential({ inputShape: '4' }, chain);
  // @ts-expect-error shape is missing
  sequential({ input: { mean: 0 } }, chain);
  // @ts-expect-error a seed is a number
  sequential({ inputShape: [4], seed: 'a' }, chain);
}

export async function refusedCalls(model: Model, set: Dataset): Promise<void> {
  const optimizer = optimizers.sgd();
  // @ts-expect-error lr, not learningRate
  optimizers.sgd({ lr: 0.1 });
  // @ts-expect-error an unknown recipe
  recipes.config('mnist');
  // @ts-expect-error a misspelt option
  recipes.model('mnist-fast', { seeds: 1 });
  // @ts-expect-error the optimizer is missing
  model.compile({ loss: 'sparseCategoricalCrossentropy' });
  // @ts-expect-error no optimizer by name
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  // @ts-expect-error an unknown loss
  model.compile({ optimizer, loss: 'mse' });
  // @ts-expect-error an unknown metric
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['specificity'] });
  // @ts-expect-error an unknown option of a loss
  model.compile({ optimizer, loss: losses.huber({ beta: 1 }) });
  // @ts-expect-error an unknown reduction
  model.compile({ optimizer, loss: losses.hinge({ reduction: 'average' }) });
  // @ts-expect-error a loss is made by a function
  model.compile({ optimizer, loss: losses.huber });
  // @ts-expect-error weights of classes are a list
  model.compile({ optimizer, loss: losses.categoricalCrossentropy({ classWeights: 2 }) });
  // @ts-expect-error an unknown option of a metric
  model.compile({ optimizer, loss: 'huber', metrics: [metrics.topK({ n: 3 })] });
  // @ts-expect-error neither labels nor targets
  datasets.fromArrays({ images: new Uint8Array(4), shape: [4] });
  // @ts-expect-error names of classes are of labels
  datasets.fromArrays({ images: new Uint8Array(4), shape: [4], targets: [1], classNames: ['a'] });
  // @ts-expect-error an array is no dataset
  await model.fit(new Float32Array(4));
  // @ts-expect-error a misspelt option
  await model.fit(set, { epoch: 3 });
  // @ts-expect-error logEvery is train's
  await model.fit(set, { logEvery: 1 });
  // @ts-expect-error an unknown instruction set
  await model.evaluate(set, { isa: 'sse' });
  // @ts-expect-error evaluate knows no epochs
  await model.evaluate(set, { epochs: 1 });
  // @ts-expect-error doubles are not taken
  await model.predict(new Float64Array(4));
  // @ts-expect-error a plan is of a batch size
  model.summary({ phase: 'train' });
  // @ts-expect-error an unknown phase
  await model.profile({ phase: 'predict' });
  // @ts-expect-error nested arrays are not taken
  await model.predict([[1, 2]]);
  // @ts-expect-error weights are Float32Arrays
  await model.setWeights({ a: [1, 2] });
  // @ts-expect-error a path is a string
  await loadModel(7);
  // @ts-expect-error events are not to be changed
  for await (const event of model.train(set)) event.step = 0;
  // @ts-expect-error what a model tells of itself is not to be changed
  model.outputShape = [1];
  // @ts-expect-error shape is missing
  datasets.fromArrays({ images: new Uint8Array(4), labels: [0] });
  // @ts-expect-error several arrays need several shapes
  datasets.fromArrays({ images: [new Uint8Array(4), new Uint8Array(4)], labels: [0], shape: [4] });
  // @ts-expect-error several shapes need several arrays
  datasets.fromArrays({ images: new Uint8Array(4), labels: [0], shape: [[4]] });
  // @ts-expect-error an unknown part
  await datasets.cifar10({ split: 'validation' });
  // @ts-expect-error files are a list
  await datasets.cifar10({ files: 'data_batch_1' });
  // @ts-expect-error an unknown format
  await datasets.cifar10({ format: 'matlab' });
  // @ts-expect-error an unknown way to draw
  await model.fit(set, { sampling: 'bootstrap' });
  // @ts-expect-error pictures are grey or of three colours
  await images.read('a.png', { channels: 4 });
  // @ts-expect-error columns is missing
  images.grid(set, { rows: 2 });
  // @ts-expect-error an input is what input() gave
  functional({ inputs: [[4]], outputs: input({ shape: [4] }) });
}

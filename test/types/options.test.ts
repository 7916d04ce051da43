// Compiled with the tests: each @ts-expect-error fails the build if the compiler lets the wrong option pass.
import test from 'ava';
import {
  datasets,
  type History,
  initializers,
  layers,
  optimizers,
  type Prediction,
  regularizers,
  sequential,
} from 'cnnative';

test('the compiler rejects wrong options, and so does the code', async (t) => {
  // @ts-expect-error: filters is missing
  t.throws(() => layers.conv2d({ kernelSize: 3 }));
  // @ts-expect-error: a misspelt option
  t.throws(() => layers.conv2d({ filters: 3, kernelsize: 3 }));
  // @ts-expect-error: no such padding
  t.throws(() => layers.conv2d({ filters: 3, kernelSize: 3, padding: 'reflect' }));
  // @ts-expect-error: three strides
  t.throws(() => layers.conv2d({ filters: 3, kernelSize: 3, strides: [1, 2, 3] }));
  // @ts-expect-error: softmax is no activation of an image
  t.throws(() => layers.conv2d({ filters: 3, kernelSize: 3, activation: 'softmax' }));
  // @ts-expect-error: no such initialiser
  t.throws(() => layers.dense({ units: 10, kernelInitializer: 'xavier' }));
  // @ts-expect-error: a constant needs its value
  t.throws(() => layers.dense({ units: 10, biasInitializer: 'constant' }));
  // @ts-expect-error: a misspelt option
  t.throws(() => initializers.randomNormal({ deviation: 1e-4 }));
  // @ts-expect-error: a number is no regulariser
  t.throws(() => layers.dense({ units: 10, kernelRegularizer: 0.01 }));
  // @ts-expect-error: a misspelt option
  t.throws(() => regularizers.l1l2({ L1: 0.01 }));
  // @ts-expect-error: rate is missing
  t.throws(() => layers.dropout({}));
  // @ts-expect-error: stddev is a number
  t.throws(() => layers.gaussianNoise({ stddev: '1' }));
  // @ts-expect-error: no such padding
  t.throws(() => layers.depthwiseConv2d({ kernelSize: 3, padding: 'half' }));
  // @ts-expect-error: filters is missing
  t.throws(() => layers.separableConv2d({ kernelSize: 3 }));
  // @ts-expect-error: a misspelt option
  t.throws(() => layers.conv2dTranspose({ filters: 3, kernelSize: 3, output_padding: 1 }));
  // @ts-expect-error: units is a number
  t.throws(() => layers.dense({ units: '10' }));
  // @ts-expect-error: no such activation
  t.throws(() => layers.dense({ units: 10, activation: 'rectifier' }));
  // @ts-expect-error: groups is missing
  t.throws(() => layers.groupNormalization({ epsilon: 1e-3 }));
  // @ts-expect-error: targetShape is an array
  t.throws(() => layers.reshape({ targetShape: 3 }));
  // @ts-expect-error: axes is missing
  t.throws(() => layers.permute({}));
  // @ts-expect-error: a sum has no axis
  t.throws(() => layers.multiply({ axis: 0 }));
  // @ts-expect-error: a misspelt option
  t.throws(() => optimizers.sgd({ learningrate: 0.1 }));
  // @ts-expect-error: AdamW's decay is always decoupled
  t.throws(() => optimizers.adamw({ decoupled: false }));
  // @ts-expect-error: an average is made by a function
  t.throws(() => optimizers.adam({ average: 'ema' }));
  // @ts-expect-error: a layer without weights
  t.throws(() => layers.flatten({ trainable: false }));
  // @ts-expect-error: a shape is an array
  t.throws(() => sequential({ inputShape: 784 }, [layers.dense({ units: 1 })]));
  // @ts-expect-error: layers are an array
  t.throws(() => sequential({ inputShape: [784] }, layers.dense({ units: 1 })));

  const model = sequential({ inputShape: [4] }, [layers.dense({ units: 2 })]);
  // @ts-expect-error: no such loss
  t.throws(() => model.compile({ optimizer: optimizers.sgd(), loss: 'squaredHinge' }));
  // @ts-expect-error: an optimizer is made by a function
  t.throws(() => model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' }));
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const set = datasets.fromArrays({ images: new Float32Array(12), labels: [0, 1, 0], shape: [4] });
  // @ts-expect-error: a misspelt option
  await t.throwsAsync(model.fit(set, { epoch: 1 }));
  // @ts-expect-error: batchSize is a number
  await t.throwsAsync(model.evaluate(set, { batchSize: '32' }));
  // @ts-expect-error: samples are numbers
  await t.throwsAsync(model.predict('image'));
});

test('results have types a user can rely on', async (t) => {
  const model = sequential({ inputShape: [4] }, [layers.dense({ units: 2 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const set = datasets.fromArrays({ images: new Float32Array(12), labels: [0, 1, 0], shape: [4] });
  const history: History = await model.fit(set);
  const losses: number[] = history.history.loss;
  const accuracies: number[] | undefined = history.history.accuracy;
  const { data, shape }: Prediction = await model.predict(new Float32Array(4));
  const values: Float32Array = data;
  t.is(losses.length, 1);
  t.is(accuracies, undefined);
  t.deepEqual(shape, [1, 2]);
  t.is(values.length, 2);
});

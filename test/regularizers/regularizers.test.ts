import test from 'ava';
import {
  checkGradients,
  datasets,
  InvalidArgumentError,
  layers,
  losses,
  type Model,
  optimizers,
  type Regularizer,
  regularizers,
  sequential,
} from 'cnnative';
import { testEachIsa } from '../helpers/isas.js';
import { noise } from '../helpers/small.js';
import { trained } from '../helpers/trained.js';
import { at } from '../helpers/values.js';

const SHAPE = [2, 6, 6];
const set = noise(37, SHAPE, 3);

interface Rules {
  readonly kernelRegularizer?: Regularizer;
  readonly biasRegularizer?: Regularizer;
}

function network(convolution: Rules = {}, dense: Rules = {}, learningRate = 0.25): Model {
  const model = sequential({ inputShape: SHAPE, seed: 5 }, [
    layers.conv2d({ filters: 4, kernelSize: 3, activation: 'tanh', biasInitializer: 'randomUniform', ...convolution }),
    layers.flatten(),
    layers.dense({ units: 3, biasInitializer: 'randomUniform', ...dense }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

const KERNEL = regularizers.l1l2({ l1: 0.03, l2: 0.02 });
const BIAS = regularizers.l2(0.5);

/** By definition. */
function penaltyOf({ l1, l2 }: Regularizer, w: Float32Array): number {
  return w.reduce((sum, value) => sum + l1 * Math.abs(value) + l2 * value ** 2, 0);
}

async function weightsOf(model: Model, name: string): Promise<Float32Array> {
  return (await model.getWeights())[name]?.data as Float32Array;
}

test('a sum of losses has the penalty once, however many samples and steps there are', async (t) => {
  const kernelRegularizer = regularizers.l2(0.5);
  const model = sequential({ inputShape: [4], seed: 2 }, [layers.dense({ units: 2, kernelRegularizer })]);
  const loss = losses.meanSquaredError({ reduction: 'sum' });
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.01 }), loss });
  const rows = Float32Array.from({ length: 9 * 4 }, (_, i) => Math.sin(i));
  // Targets are the outputs: nothing but the penalty is left.
  const { data } = await model.predict(rows);
  const own = datasets.fromArrays({ images: rows, shape: [4], targets: data, targetShape: [2] });
  const penalty = penaltyOf(kernelRegularizer, await weightsOf(model, 'dense/kernel'));
  for (const batchSize of [2, 9, 32]) {
    const evaluated = await model.evaluate(own, { batchSize });
    t.true(Math.abs(evaluated.loss - penalty) < 1e-6 * penalty, `${evaluated.loss} for ${penalty}`);
  }
  t.true((await checkGradients(model, own)).passed);
});

test('a streamed sum of losses has the penalty once, too', async (t) => {
  const kernelRegularizer = regularizers.l2(100);
  const model = sequential({ inputShape: [4], seed: 2 }, [layers.dense({ units: 3, kernelRegularizer })]);
  const loss = losses.sparseCategoricalCrossentropy({ reduction: 'sum' });
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.01 }), loss });
  const images = Float32Array.from({ length: 37 * 4 }, (_, i) => Math.sin(i));
  const labels = Int32Array.from({ length: 37 }, (_, i) => i % 3);
  const whole = await model.evaluate(datasets.fromArrays({ images, labels, shape: [4], classes: 3 }));
  const batches = function* () {
    yield { images, labels };
  };
  for (const batchSize of [8, 16, 37, 64]) {
    const stream = datasets.fromBatches(batches, {
      shape: [4],
      classes: 3,
      size: 37,
      element: 'float32',
      readAhead: 16,
    });
    const streamed = await model.evaluate(stream, { batchSize });
    t.true(Math.abs(streamed.loss - whole.loss) < 1e-5 * whole.loss, `${streamed.loss} for ${whole.loss}`);
  }
});

testEachIsa('evaluation and training report the loss with the penalty', async (t, isa) => {
  const regularised = network({ kernelRegularizer: KERNEL, biasRegularizer: BIAS }, { kernelRegularizer: BIAS });
  const plain = network();
  const penalty =
    penaltyOf(KERNEL, await weightsOf(plain, 'conv2d/kernel')) +
    penaltyOf(BIAS, await weightsOf(plain, 'conv2d/bias')) +
    penaltyOf(BIAS, await weightsOf(plain, 'dense/kernel'));
  t.true(penalty > 0.1);
  for (const batchSize of [5, 16, 37]) {
    const [with_, without] = [
      await regularised.evaluate(set, { batchSize, isa }),
      await plain.evaluate(set, { batchSize, isa }),
    ];
    t.true(Math.abs(with_.loss - without.loss - penalty) < 1e-5, `${with_.loss} and ${without.loss}`);
  }
  const options = { batchSize: 37, shuffle: false, isa };
  const [first, plainFirst] = [await trained(regularised, set, options), await trained(plain, set, options)];
  t.true(Math.abs(at(first.losses, 0) - at(plainFirst.losses, 0) - penalty) < 1e-5);
});

testEachIsa('a step follows the slope of the penalty', async (t, isa) => {
  const rate = 0.25;
  const regularised = network({ kernelRegularizer: KERNEL }, { biasRegularizer: BIAS }, rate);
  const plain = network({}, {}, rate);
  const before = { kernel: await weightsOf(plain, 'conv2d/kernel'), bias: await weightsOf(plain, 'dense/bias') };
  for (const model of [regularised, plain]) await model.fit(set, { batchSize: 37, shuffle: false, isa });
  for (const [name, w, { l1, l2 }] of [
    ['conv2d/kernel', before.kernel, KERNEL],
    ['dense/bias', before.bias, BIAS],
  ] as const) {
    const [with_, without] = [await weightsOf(regularised, name), await weightsOf(plain, name)];
    w.forEach((value, i) => {
      const expected = -rate * (l1 * Math.sign(value) + 2 * l2 * value);
      t.true(Math.abs(at(with_, i) - at(without, i) - expected) < 1e-6, `${name} ${i}`);
    });
  }
  t.deepEqual(await weightsOf(regularised, 'dense/kernel'), await weightsOf(plain, 'dense/kernel'));
});

test('large penalties keep their bits on any number of threads', async (t) => {
  const make = () => {
    const model = sequential({ inputShape: [300], seed: 1 }, [
      layers.dense({ units: 200, activation: 'relu', kernelRegularizer: KERNEL }),
      layers.dense({ units: 3, kernelRegularizer: BIAS }),
    ]);
    model.compile({ optimizer: optimizers.sgd({ momentum: 0.9 }), loss: 'sparseCategoricalCrossentropy' });
    return model;
  };
  const data = noise(70, [300], 3);
  const once = await trained(make(), data, { threads: 1, epochs: 2 });
  for (const threads of [2, 3]) t.deepEqual(await trained(make(), data, { threads, epochs: 2 }), once);
});

test('an L1 penalty alone drives weights to zero, and L2 shrinks them', async (t) => {
  const sizeOf = async (rules: Rules) => {
    const model = network(rules, {}, 0.1);
    await model.fit(set, { batchSize: 37, epochs: 40 });
    return (await weightsOf(model, 'conv2d/kernel')).reduce((sum, value) => sum + Math.abs(value), 0);
  };
  const plain = await sizeOf({});
  t.true((await sizeOf({ kernelRegularizer: regularizers.l1(0.1) })) < 0.2 * plain);
  t.true((await sizeOf({ kernelRegularizer: regularizers.l2(0.5) })) < 0.2 * plain);
});

test('illegal regularisers are refused by name', (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: this is about values of the wrong type
  type Anything = any;
  t.deepEqual(regularizers.l1(0.5), { l1: 0.5, l2: 0 });
  t.deepEqual(regularizers.l1l2({ l2: 0.5 }), { l1: 0, l2: 0.5 });
  for (const factor of [-1, Number.NaN, Infinity, '1', null] as Anything[]) {
    t.throws(() => regularizers.l1(factor), {
      instanceOf: InvalidArgumentError,
      message: /^regularizers\.l1: .*for l1/,
    });
    t.throws(() => regularizers.l2(factor), {
      instanceOf: InvalidArgumentError,
      message: /^regularizers\.l2: .*for l2/,
    });
  }
  for (const [option, message] of [
    [0.01, /for kernelRegularizer, received 0\.01/],
    ['l2', /for kernelRegularizer, received "l2"/],
    [null, /for kernelRegularizer, received null/],
    [{ l3: 1 }, /kernelRegularizer: expected only the options l1, l2, received "l3"/],
    [{ l2: -1 }, /for l2, received -1/],
  ] as [Anything, RegExp][]) {
    for (const make of [
      () => layers.dense({ units: 3, kernelRegularizer: option }),
      () => layers.conv2d({ filters: 3, kernelSize: 3, kernelRegularizer: option }),
    ]) {
      t.throws(make, { instanceOf: InvalidArgumentError, message });
    }
  }
});

import test, { type ExecutionContext } from 'ava';
import {
  averages,
  CnnativeError,
  type Dataset,
  datasets,
  InvalidArgumentError,
  initializers,
  type Layer,
  layers,
  optimizers,
  regularizers,
  ShapeError,
  sequential,
} from 'cnnative';
import { blobs, smallModel } from '../helpers/small.js';

/** Values of every kind that is hardly ever meant. */
const JUNK: readonly unknown[] = [
  null,
  true,
  false,
  'x',
  '',
  '3',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  -0.5,
  0,
  1.5,
  2 ** 53,
  1e300,
  10n,
  Symbol('s'),
  {},
  { length: 3 },
  [],
  [undefined],
  [Number.NaN, 1],
  [[1], 1],
  [1, 1, 1, 1, 1],
  new Array(2), // holes only
  new Array(3),
  new Array(4),
  () => 1,
  new Date(0),
  new Map([['epochs', 2]]),
  new Set([1]),
  new Uint8Array(0),
  new Float64Array(4),
  new ArrayBuffer(8),
  Promise.resolve(1),
  new AbortController().signal,
];

/** JUNK without the values that are allowed after all. */
const junkBut = (...allowed: unknown[]) => JUNK.filter((value) => !allowed.some((other) => Object.is(value, other)));
const objects = JUNK.filter((value) => Object.getPrototypeOf(value ?? 1) === Object.prototype);
const emptyArrays = JUNK.filter((value) => Array.isArray(value) && value.length === 0);

/** Anything may be called with anything: types are for TypeScript's users alone. */
// biome-ignore lint/suspicious/noExplicitAny: this file is about values of the wrong type
type Anything = any;

/** The call must fail with one of our errors, which says what was expected and received. */
async function refused(t: ExecutionContext, what: string, call: () => unknown): Promise<CnnativeError | undefined> {
  try {
    await call();
  } catch (error) {
    if (error instanceof CnnativeError && /^[\s\S]+: expected [\s\S]+received /.test(error.message)) {
      t.regex(error.code, /^ERR_(INVALID_ARGUMENT|SHAPE|TRAINING)$/);
      return error;
    }
    t.fail(`${what}: ${String(error)}`);
    return undefined;
  }
  t.fail(`${what}: accepted`);
  return undefined;
}

function show(value: unknown): string {
  try {
    return `${typeof value} ${JSON.stringify(value) ?? String(value)}`;
  } catch {
    return `${typeof value} ${String(value)}`;
  }
}

/** Each bad value of each option must be refused with an error that names the option. */
async function refusesOptions(
  t: ExecutionContext,
  call: (options: Anything) => unknown,
  good: object,
  bad: Record<string, readonly unknown[]>,
): Promise<void> {
  await t.notThrowsAsync(async () => call(good));
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      const error = await refused(t, `${name}: ${show(value)}`, () => call({ ...good, [name]: value }));
      t.true(error?.message.includes(name), `${name}: ${error?.message}`);
    }
  }
  const misspelt = `${Object.keys(bad)[0]}s`;
  const error = await refused(t, misspelt, () => call({ ...good, [misspelt]: 1 }));
  t.true(error?.message.includes(`received "${misspelt}"`), error?.message);
}

const PAIRS = [[3], [3, 0], [3, -1], [3, 1.5], [3, '3'], [3, 3, 3], 2 ** 20, [1, 2 ** 20]];
const NAMES = [...junkBut('x', '3'), 'a b', 'a/b', 'é', ' '];

/** Activations with a parameter gone wrong. */
const BAD_ACTIVATIONS = [
  {},
  { type: 'relu' },
  { type: 'softmax' },
  { type: 'toString' },
  { type: 'leakyRelu', slope: 0.1 },
  { type: 'leakyRelu', alpha: 0.1 },
  { type: 'elu', negativeSlope: 0.1 },
  { type: 'elu', alpha: 1, name: 'x' },
  ...[-0.1, Number.NaN, Infinity, 1e7, '1', null].flatMap((value) => [
    { type: 'leakyRelu', negativeSlope: value },
    { type: 'elu', alpha: value },
  ]),
];
/** Numbers of JUNK without a sign. */
const POSITIVE = [0, 1.5, 2 ** 53, 1e300];
const arraysOfNumbers = JUNK.filter(
  (value) => /^(|1,1|1,1,1,1,1|0,0,0,0)$/.test(String(value)) && typeof value === 'object',
);
const WEIGHTS = {
  kernelInitializer: junkBut(...arraysOfNumbers),
  biasInitializer: junkBut(...arraysOfNumbers),
  kernelRegularizer: junkBut(...objects.filter((value) => Object.keys(value as object).length === 0)),
  biasRegularizer: junkBut(...objects.filter((value) => Object.keys(value as object).length === 0)),
};

/** What every convolution refuses. */
const NO_CONVOLUTION = {
  kernelSize: [...JUNK, ...PAIRS, undefined],
  strides: [...JUNK, ...PAIRS],
  padding: [...junkBut(0), 'SAME', 'Full', [1, 1], [1, 1, 1, -1], [1, 1, 1, 1.5], [1, 1, 1, '1'], 2 ** 20],
  dilation: [...JUNK, ...PAIRS, 2 ** 19],
  activation: [...JUNK, 'softmax', 'logSoftmax', 'ReLU', 'swish', ...BAD_ACTIVATIONS],
  useBias: junkBut(true, false),
  ...WEIGHTS,
  name: NAMES,
};

test('convolutions of every kind refuse what is no option', async (t) => {
  const groups = [...JUNK, 3];
  const flip = junkBut(true, false);
  const filters = [...JUNK, undefined];
  await refusesOptions(t, layers.conv2d, { filters: 2, kernelSize: 3 }, { ...NO_CONVOLUTION, filters, groups, flip });
  await refusesOptions(t, layers.depthwiseConv2d, { kernelSize: 3 }, { ...NO_CONVOLUTION, depthMultiplier: JUNK });
  await refusesOptions(
    t,
    layers.separableConv2d,
    { filters: 2, kernelSize: 3 },
    { ...NO_CONVOLUTION, filters, depthMultiplier: JUNK },
  );
  await refusesOptions(
    t,
    layers.conv2dTranspose,
    { filters: 2, kernelSize: 3, strides: 2, outputPadding: 1 },
    {
      ...NO_CONVOLUTION,
      filters,
      padding: [...NO_CONVOLUTION.padding, 'same'],
      outputPadding: [...junkBut(0), ...PAIRS.filter((pair) => String(pair) !== '3,0'), 2, [0, 2], [3, 0]],
      groups,
    },
  );
  for (const make of [layers.conv2d, layers.depthwiseConv2d, layers.separableConv2d, layers.conv2dTranspose]) {
    for (const options of JUNK) await refused(t, show(options), () => make(options as Anything));
  }
});

test('layers.maxPooling2d refuses what is no option', async (t) => {
  await refusesOptions(
    t,
    layers.maxPooling2d,
    {},
    {
      poolSize: [...JUNK, ...PAIRS],
      strides: [...JUNK, ...PAIRS],
      padding: [...junkBut(0), 'SAME', [1, 1], [1, 1, 1, -1]],
      name: NAMES,
    },
  );
  for (const options of junkBut(...objects))
    await refused(t, show(options), () => layers.maxPooling2d(options as Anything));
});

test('layers.dense, flatten and activation refuse what is no option', async (t) => {
  await refusesOptions(
    t,
    layers.dense,
    { units: 3 },
    {
      units: [...JUNK, undefined],
      activation: [...JUNK, 'Softmax', 'toString', '__proto__', ...BAD_ACTIVATIONS],
      useBias: junkBut(true, false),
      ...WEIGHTS,
      name: NAMES,
    },
  );
  await refusesOptions(t, layers.activation, { activation: 'relu' }, { activation: [...JUNK, undefined], name: NAMES });
  await refusesOptions(t, layers.flatten, {}, { name: NAMES });
  for (const options of junkBut(...objects)) {
    await refused(t, show(options), () => layers.dense(options as Anything));
    await refused(t, show(options), () => layers.activation(options as Anything));
    await refused(t, show(options), () => layers.flatten(options as Anything));
  }
});

test('layers of activations refuse what is no option', async (t) => {
  const numbers = [...junkBut(0, 1.5), -0.1, 1e7];
  await refusesOptions(t, layers.leakyRelu, {}, { negativeSlope: numbers, name: NAMES });
  await refusesOptions(t, layers.elu, { alpha: 2 }, { alpha: numbers, name: NAMES });
  await refusesOptions(t, layers.prelu, {}, { shared: junkBut(true, false), name: NAMES });
  for (const make of [layers.relu, layers.gelu, layers.softmax, layers.linear]) {
    await refusesOptions(t, make, {}, { name: NAMES });
    await refused(t, 'alpha', () => make({ alpha: 1 } as Anything));
  }
  for (const options of junkBut(...objects)) {
    await refused(t, show(options), () => layers.mish(options as Anything));
    await refused(t, show(options), () => layers.elu(options as Anything));
    await refused(t, show(options), () => layers.prelu(options as Anything));
  }
});

test('random layers refuse what is no option', async (t) => {
  const seed = [...junkBut(0), 2 ** 53];
  const dropping = { rate: [...junkBut(0), 1, undefined], seed, name: NAMES };
  await refusesOptions(t, layers.dropout, { rate: 0.5 }, dropping);
  await refusesOptions(t, layers.spatialDropout2d, { rate: 0.5 }, dropping);
  const stddev = [...junkBut(...POSITIVE), undefined];
  await refusesOptions(t, layers.gaussianNoise, { stddev: 0.5 }, { stddev, seed, name: NAMES });
  for (const options of [...JUNK, undefined] as Anything[]) {
    await refused(t, show(options), () => layers.dropout(options));
    await refused(t, show(options), () => layers.spatialDropout2d(options));
    await refused(t, show(options), () => layers.gaussianNoise(options));
  }
});

test('initializers and regularizers refuse what is no option', async (t) => {
  const normal = { mean: junkBut(-1, -0.5, 0, 1.5, 2 ** 53), stddev: junkBut(0, 1.5, 2 ** 53) };
  await refusesOptions(t, initializers.randomNormal, {}, normal);
  await refusesOptions(t, initializers.truncatedNormal, {}, normal);
  await refusesOptions(t, initializers.randomUniform, {}, { min: junkBut(-1, -0.5, 0), max: junkBut(0, 1.5, 2 ** 53) });
  await refusesOptions(t, initializers.constant, { value: 1 }, { value: junkBut(-1, -0.5, 0, 1.5, 2 ** 53) });
  await refusesOptions(t, initializers.orthogonal, {}, { gain: junkBut(-1, -0.5, 0, 1.5, 2 ** 53) });
  await refusesOptions(t, initializers.dirac, {}, { gain: junkBut(-1, -0.5, 0, 1.5, 2 ** 53) });
  await refusesOptions(t, regularizers.l1l2, {}, { l1: junkBut(...POSITIVE), l2: junkBut(...POSITIVE) });
  for (const value of [...junkBut(...POSITIVE), undefined] as Anything[]) {
    await refused(t, show(value), () => regularizers.l1(value));
    await refused(t, show(value), () => regularizers.l2(value));
  }
  for (const value of [...junkBut(...arraysOfNumbers), undefined] as Anything[]) {
    await refused(t, show(value), () => initializers.values(value));
  }
});

test('layers that normalise refuse what is no option', async (t) => {
  const affine = { epsilon: junkBut(1.5, 2 ** 53, 1e300), scale: junkBut(true, false), center: junkBut(true, false) };
  for (const make of [layers.batchNormalization, layers.layerNormalization, layers.instanceNormalization]) {
    await refusesOptions(t, make, {}, { ...affine, name: NAMES });
    for (const options of junkBut(...objects)) await refused(t, show(options), () => make(options as Anything));
  }
  const groups = [...junkBut(2 ** 53), undefined];
  await refusesOptions(t, layers.groupNormalization, { groups: 2 }, { groups, ...affine, name: NAMES });
  const positive = junkBut(1.5, 2 ** 53, 1e300);
  await refusesOptions(
    t,
    layers.localResponseNormalization,
    {},
    {
      size: [...JUNK, 2 ** 20],
      alpha: positive.filter((value) => value !== 0),
      beta: positive.filter((value) => value !== 0),
      k: positive,
      name: NAMES,
    },
  );
  for (const options of junkBut(...objects)) {
    await refused(t, show(options), () => layers.groupNormalization(options as Anything));
    await refused(t, show(options), () => layers.localResponseNormalization(options as Anything));
  }
});

test('layers that merge or rearrange refuse what is no option', async (t) => {
  for (const make of [layers.add, layers.multiply, layers.average, layers.maximum]) {
    await refusesOptions(t, make, {}, { name: NAMES });
  }
  await refusesOptions(t, layers.concatenate, {}, { axis: junkBut(0), name: NAMES });
  await refusesOptions(
    t,
    layers.reshape,
    { targetShape: [2, -1] },
    { targetShape: [...JUNK, [0], [-2], [1.5], [-1, -1], ['3'], undefined], name: NAMES },
  );
  await refusesOptions(
    t,
    layers.permute,
    { axes: [1, 2, 0] },
    { axes: [...JUNK, [1], [0, 0], [0, 2], [1, 2, 3], [-1, 0], ['0'], [0, 1, 2, 3, 4], undefined], name: NAMES },
  );
  for (const options of junkBut(...objects)) {
    await refused(t, show(options), () => layers.concatenate(options as Anything));
    await refused(t, show(options), () => layers.reshape(options as Anything));
    await refused(t, show(options), () => layers.permute(options as Anything));
    await refused(t, show(options), () => layers.multiply(options as Anything));
  }
});

test('optimizers.sgd refuses what is no option', async (t) => {
  await refusesOptions(
    t,
    optimizers.sgd,
    {},
    {
      learningRate: junkBut(0, 1.5, 2 ** 53, 1e300),
      momentum: [...junkBut(0), 1],
    },
  );
  for (const options of junkBut(...objects)) await refused(t, show(options), () => optimizers.sgd(options as Anything));
  const sgd = optimizers.sgd();
  await refused(t, 'setter', () => {
    sgd.learningRate = Number.NaN;
  });
  t.is(sgd.learningRate, 0.01);
});

test('all optimizers refuse what is no option', async (t) => {
  const shared = {
    learningRate: junkBut(0, 1.5, 2 ** 53, 1e300),
    weightDecay: junkBut(0, 1.5, 2 ** 53, 1e300),
    accumulate: junkBut(2 ** 53 - 1),
    clipValue: [...junkBut(1.5, 2 ** 53), 0],
    clipNorm: [...junkBut(1.5, 2 ** 53), 0],
    globalClipNorm: [...junkBut(1.5, 2 ** 53), 0],
    average: [...JUNK, 'ema', { type: 'mean' }, { type: 'ema', decay: 1 }, { type: 'lookahead', steps: 0 }].filter(
      (value) => value !== undefined,
    ),
  };
  const booleans = junkBut(true, false);
  const share = [...junkBut(0), 1];
  const positive = junkBut(0, 1.5, 2 ** 53, 1e300);
  const moments = { beta1: share, beta2: share, epsilon: positive };
  const own: Record<keyof typeof optimizers, Record<string, readonly unknown[]>> = {
    sgd: { momentum: share, nesterov: [...booleans, true], decoupled: booleans },
    rmsprop: { rho: share, momentum: share, epsilon: positive, centered: booleans, decoupled: booleans },
    adagrad: { learningRateDecay: positive, initialAccumulatorValue: positive, epsilon: positive },
    adadelta: { rho: share, epsilon: positive },
    adam: { ...moments, amsgrad: booleans, decoupled: booleans },
    adamw: { ...moments, amsgrad: booleans, decoupled: [true] },
    nadam: { ...moments, momentumDecay: positive },
    lion: { beta1: share, beta2: share, decoupled: [true] },
    muon: {
      momentum: share,
      nesterov: booleans,
      steps: junkBut(2 ** 53 - 1),
      lastLayer: ['sgd', 1, null, {}],
      others: [1, 'x', null],
    },
  };
  for (const [name, bad] of Object.entries(own)) {
    const make = optimizers[name as keyof typeof optimizers] as (options: Anything) => unknown;
    await refusesOptions(t, make, {}, { ...shared, ...bad });
  }
  await refusesOptions(t, (others) => optimizers.muon({ others }), {}, { ...moments, learningRateFactor: positive });
  await refusesOptions(t, averages.ema, {}, { decay: share });
  await refusesOptions(
    t,
    averages.lookahead,
    {},
    { steps: junkBut(2 ** 53 - 1), alpha: [...junkBut(0), 1.5, { from: 1 }] },
  );
  const way = (alpha: Anything) => averages.lookahead({ alpha });
  const shares = [...junkBut(0), 1.5];
  await refusesOptions(
    t,
    way,
    { from: 1, to: 0.5 },
    { from: shares, to: shares, power: [...junkBut(1.5, 2 ** 53, 1e300), 0] },
  );
});

test('layers with weights refuse what says nothing of training, those without refuse to be trained', async (t) => {
  const bad = { learningRateFactor: junkBut(0, 1.5, 2 ** 53, 1e300), trainable: junkBut(true, false) };
  await refusesOptions(t, layers.dense, { units: 2 }, bad);
  await refusesOptions(t, layers.conv2d, { filters: 2, kernelSize: 3 }, bad);
  await refusesOptions(t, layers.conv2dTranspose, { filters: 2, kernelSize: 3 }, bad);
  await refusesOptions(t, layers.depthwiseConv2d, { kernelSize: 3 }, bad);
  await refusesOptions(t, layers.separableConv2d, { filters: 2, kernelSize: 3 }, bad);
  await refusesOptions(t, layers.groupNormalization, { groups: 2 }, bad);
  for (const make of [
    layers.batchNormalization,
    layers.layerNormalization,
    layers.instanceNormalization,
    layers.prelu,
  ]) {
    await refusesOptions(t, make, {}, bad);
  }
  for (const make of [layers.flatten, layers.maxPooling2d, layers.add]) {
    await refusesOptions(t, make, {}, { trainable: [true, false], learningRateFactor: [1] });
  }
});

test('sequential refuses what is no input, seed or layer', async (t) => {
  const make = (options: Anything) => sequential(options, [layers.flatten(), layers.dense({ units: 2 })]);
  const shapes = [...JUNK, [0], [2, 2], [1, 2, 2, 2], [1, -2, 2], [1, '2', 2], [1, 2.5, 2], [2 ** 20], ['2']];
  await refusesOptions(
    t,
    make,
    { inputShape: [1, 2, 2] },
    {
      seed: [...junkBut(0), 2 ** 53],
    },
  );
  for (const shape of [...shapes, undefined]) {
    await refused(t, show(shape), () => make({ inputShape: shape }));
    await refused(t, show(shape), () => make({ input: { shape } }));
  }
  await refusesOptions(
    t,
    (input) => make({ input }),
    { shape: [3, 2, 2] },
    {
      scale: junkBut(-1, -0.5, 1.5, 2 ** 53, 1e300),
      mean: [...junkBut(-1, -0.5, 0, 1.5, 2 ** 53, 1e300), [0, 0], [0, 0, 0, 0], [0, 0, '0']],
      std: [...junkBut(1.5, 2 ** 53, 1e300), [1, 1], [1, 1, 0], [1, 1, -1]],
    },
  );
  for (const value of [...JUNK, undefined]) {
    await refused(t, `input ${show(value)}`, () => make(value === undefined ? {} : { input: value }));
    await refused(t, `options ${show(value)}`, () => make(value));
    await refused(t, `layers ${show(value)}`, () => sequential({ inputShape: [4] }, value as Anything));
    await refused(t, `layer ${show(value)}`, () =>
      sequential({ inputShape: [4] }, [layers.flatten(), value as Anything]),
    );
  }
  await refused(t, 'both', () => make({ input: { shape: [4] }, inputShape: [4] }));
  const sparse = [layers.flatten(), layers.dense({ units: 2 })];
  sparse[3] = layers.dense({ units: 2 });
  const error = await refused(t, 'a hole', () => sequential({ inputShape: [4] }, sparse));
  t.regex(error?.message ?? '', /a layer at position 2, received undefined/);
});

test('model.compile refuses what is no option, and keeps what was set', async (t) => {
  const model = smallModel();
  await refusesOptions(t, (options) => model.compile(options), compiled(), {
    optimizer: [...JUNK, undefined, 'sgd', optimizers.sgd, { emit: () => {} }, { ...optimizers.sgd() }],
    loss: [...JUNK, undefined, 'mse', 'sparsecategoricalcrossentropy'],
    metrics: [...junkBut(...emptyArrays), 'accuracy', ['acc'], ['accuracy', null], [undefined]],
  });
  for (const options of [...JUNK, undefined]) await refused(t, show(options), () => model.compile(options as Anything));
  await t.notThrowsAsync(model.fit(blobs(5)));
});

function compiled() {
  return { optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] };
}

const RUN = {
  threads: [...JUNK, 1025],
  isa: [...JUNK, 'AVX2', 'sse'],
  signal: [...JUNK.filter((value) => !(value instanceof AbortSignal)), new AbortController()],
  // So many bytes are a limit, though one that nothing fits.
  memoryLimit: [
    ...JUNK.filter((value) => !(Number(typeof value === 'number' && value) >= 2 ** 53)),
    '512 MBytes',
    '-1MB',
  ],
};
const BATCH = junkBut(2 ** 53);

test('fit, train, evaluate and predict refuse what is no option', async (t) => {
  const model = smallModel();
  const set = blobs(4);
  const training = { batchSize: [...BATCH, 2 ** 53], shuffle: junkBut(true, false), validationData: JUNK, ...RUN };
  await refusesOptions(t, (options) => model.fit(set, options), {}, { epochs: JUNK, ...training, logEvery: [1] });
  const drain = async (options: Anything) => {
    for await (const _ of model.train(set, options));
  };
  await refusesOptions(t, drain, {}, { epochs: JUNK, ...training, logEvery: junkBut(0) });
  await refusesOptions(t, (options) => model.evaluate(set, options), {}, { batchSize: BATCH, ...RUN });
  await refusesOptions(t, (options) => model.predict(set.images, options), {}, { batchSize: BATCH, ...RUN });
  for (const options of junkBut(...objects) as Anything[]) {
    await refused(t, show(options), () => model.fit(set, options));
    await refused(t, show(options), () => drain(options));
    await refused(t, show(options), () => model.evaluate(set, options));
    await refused(t, show(options), () => model.predict(set.images, options));
  }
});

test('summary and profile refuse what is no option', async (t) => {
  const model = smallModel();
  const phase = [...JUNK, 'predict', 'Train'];
  const planning = { batchSize: [...JUNK, undefined], phase, threads: RUN.threads, isa: RUN.isa };
  await refusesOptions(t, (options) => model.summary(options), { batchSize: 2 }, { ...planning, seconds: [1] });
  const profiling = { batchSize: JUNK, phase, ...RUN, seconds: [...junkBut(0, 1.5), -1], epochs: [1] };
  await refusesOptions(t, (options) => model.profile(options), { seconds: 0 }, profiling);
  for (const options of junkBut(...objects) as Anything[]) {
    await refused(t, show(options), () => model.summary(options));
    await refused(t, show(options), () => model.profile(options));
  }
});

function change(set: Dataset, changes: Record<string, unknown>): Dataset {
  return { ...set, ...changes } as Dataset;
}

test('fit and evaluate refuse what is no dataset, or none for the model', async (t) => {
  const model = smallModel();
  const set = blobs(4);
  const cases: [Dataset, RegExp][] = [
    ...([...JUNK, undefined, set.images, [set], { train: set, test: set }] as Anything[]).map(
      (value): [Dataset, RegExp] => [value, /expected a dataset/],
    ),
    [change(set, { images: Array.from(set.images) }), /expected a dataset/],
    [change(set, { images: new Float64Array(8) }), /expected a dataset/],
    [change(set, { labels: [0, 1, 2, 0] }), /expected a dataset/],
    [change(set, { labels: new Uint8Array(4) }), /expected a dataset/],
    [change(set, { shape: '2' }), /expected a dataset/],
    [change(set, { shape: [1, 2] }), /shape \[2\] for input, received \[1, 2\]/],
    [change(set, { shape: [3] }), /shape \[2\] for input, received \[3\]/],
    [change(set, { shape: [] }), /shape \[2\] for input, received \[\]/],
    [change(set, { shape: new Array(1) }), /shape \[2\] for input, received /],
    [change(set, { size: 5 }), /8 values for 5 samples/],
    [change(set, { size: Number.NaN }), /for NaN samples/],
    [change(set, { size: -4 }), /for -4 samples/],
    [change(set, { size: '4' }), /for 4 samples/],
    [change(set, { images: new Float32Array(0), labels: new Int32Array(0), size: 0 }), /at least one sample/],
    [change(set, { images: new Float32Array(7) }), /7 values/],
    [change(set, { labels: Int32Array.of(0, 1, 2) }), /3 labels/],
    [change(set, { labels: Int32Array.of(0, 1, 2, 3) }), /labels from 0 to 2.*received 3 at position 3/],
    [change(set, { labels: Int32Array.of(0, -1, 2, 0) }), /labels from 0 to 2.*received -1 at position 1/],
  ];
  for (const [data, pattern] of cases) {
    for (const call of [
      () => model.fit(data),
      () => model.evaluate(data),
      () => model.fit(set, { validationData: data ?? null }),
    ]) {
      const error = await refused(t, show(data), call);
      t.regex(error?.message ?? '', pattern);
    }
  }
  const other = datasets.fromArrays({ images: new Uint8Array(784), labels: [9], shape: [1, 28, 28] });
  const error = await refused(t, 'other', () => model.fit(other));
  t.true(error instanceof ShapeError);
});

test('arrays whose memory was given away are refused', async (t) => {
  const model = smallModel();
  const gone = Float32Array.from(blobs(4).images);
  const labels = Int32Array.from(blobs(4).labels);
  structuredClone([gone, labels], { transfer: [gone.buffer, labels.buffer] });
  t.is(gone.length, 0);
  await refused(t, 'images', () => model.fit(change(blobs(4), { images: gone })));
  await refused(t, 'labels', () => model.fit(change(blobs(4), { labels })));
  const error = await refused(t, 'predict', () => model.predict(gone));
  t.regex(error?.message ?? '', /memory was transferred/);
  await refused(t, 'setWeights', () => model.setWeights({ 'dense/bias': gone }));
});

test('arrays that shrink with their memory are refused, not read beyond its end', async (t) => {
  const model = smallModel();
  type Resizable = ArrayBuffer & { resize(bytes: number): void };
  const make = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => Resizable;
  const buffer = new make(32, { maxByteLength: 64 });
  const set = change(blobs(4), { images: new Float32Array(buffer), size: 4 });
  await t.notThrowsAsync(model.evaluate(set));
  const again = change(set, {}); // a set of its own, so that it is read anew
  buffer.resize(28);
  await refused(t, 'fit', () => model.fit(again));
  await refused(t, 'predict', () => model.predict(again.images));
});

test('a set in memory shared between threads trains as any other', async (t) => {
  const set = blobs(8);
  const images = new Float32Array(new SharedArrayBuffer(64));
  const labels = new Int32Array(new SharedArrayBuffer(32));
  images.set(set.images);
  labels.set(set.labels);
  const { history } = await smallModel().fit(change(set, { images, labels }), { epochs: 2 });
  t.deepEqual(history, (await smallModel().fit(set, { epochs: 2 })).history);
});

test('predict refuses what are no samples', async (t) => {
  const model = smallModel();
  const numbers = JUNK.filter((value) => Array.isArray(value) && Number.isNaN(value[0])); // NaN is a number
  const bytes = JUNK.filter((value) => value instanceof Uint8Array);
  const samples = [...junkBut(...emptyArrays, ...bytes, ...numbers), undefined];
  samples.push(new Float64Array(2), new Int8Array(2), new Uint8ClampedArray(2), new DataView(new ArrayBuffer(8)));
  samples.push([1, '2'], [[1, 2]], [1, null], [1, 2, 3], new Float32Array(3), new Uint8Array(1), blobs(2));
  for (const value of samples as Anything[]) await refused(t, show(value), () => model.predict(value));
  const error = await refused(t, 'length', () => model.predict(new Float32Array(5)));
  t.true(error instanceof ShapeError);
  t.regex(error?.message ?? '', /whole samples of 2 values \(\[2\]\) for input, received 5 values/);
});

test('setWeights refuses what are no weights', async (t) => {
  const model = smallModel();
  for (const value of [...junkBut(...objects), undefined] as Anything[]) {
    await refused(t, show(value), () => model.setWeights(value));
  }
  const data = new Float32Array(8);
  const wrong = [...JUNK, undefined, new Array(8).fill(0), new Float64Array(8), new Float32Array(7), { data }];
  wrong.push(
    { data: [...data], shape: [8] },
    { data, shape: [2, 4] },
    { data, shape: '8' },
    { data, shape: new Array(1) },
  );
  for (const value of wrong as Anything[]) {
    const error = await refused(t, show(value), () => model.setWeights({ 'dense/bias': value }));
    t.true(error?.message.includes('dense/bias'));
  }
  for (const name of ['', 'dense', 'bias', 'dense/Bias', '__proto__/kernel', 'toString']) {
    await refused(t, name, () => model.setWeights({ [name]: data }));
  }
});

interface Misfit {
  readonly shape: readonly number[];
  readonly chain: () => Layer[];
  readonly message: RegExp;
}

const MISFITS: Record<string, Misfit> = {
  'a kernel larger than its input': {
    shape: [1, 4, 9],
    chain: () => [layers.conv2d({ filters: 2, kernelSize: 3 }), layers.conv2d({ filters: 2, kernelSize: [3, 3] })],
    message:
      /conv2d_1 \(layer 1 of sequential\): expected a kernelSize of at most the padded input, received \[3, 3\] .*\[2, 2, 7\]/,
  },
  'a pool larger than its input': {
    shape: [1, 3, 3],
    chain: () => [layers.maxPooling2d({ poolSize: [4, 1] })],
    message: /maxPooling2d \(layer 0 of sequential\): expected a poolSize of at most .* received \[4, 1\]/,
  },
  'pool padding as large as the pool': {
    shape: [1, 8, 8],
    chain: () => [layers.maxPooling2d({ poolSize: 2, padding: 2 })],
    message: /expected padding smaller than the poolSize \[2, 2\], received 2/,
  },
  'a convolution of rows': {
    shape: [9],
    chain: () => [layers.conv2d({ filters: 2, kernelSize: 3 })],
    message: /\[channels, height, width\], received \[9\]/,
  },
  'a full convolution of more rows than an axis may have': {
    shape: [1, 4, 1],
    chain: () => [layers.conv2d({ filters: 1, kernelSize: [3, 1], dilation: 2 ** 19 - 1, padding: 'full' })],
    message: /expected an output of at most 1048575 rows and columns, received \[1048578, 1\]/,
  },
  'channels that groups do not divide': {
    shape: [3, 8, 8],
    chain: () => [layers.conv2d({ filters: 4, kernelSize: 3, groups: 2 })],
    message: /expected input channels that divide by the 2 groups, received \[3, 8, 8\]/,
  },
  'pooling behind flatten': {
    shape: [1, 4, 4],
    chain: () => [layers.flatten(), layers.maxPooling2d()],
    message: /maxPooling2d \(layer 1 .*received \[16\]/,
  },
  'a dense layer of images': {
    shape: [1, 4, 4],
    chain: () => [layers.dense({ units: 2 })],
    message: /dense \(layer 0 .*\[features\], received \[1, 4, 4\]\. Put layers\.flatten\(\) before it/,
  },
  'a softmax of images': {
    shape: [2, 4, 4],
    chain: () => [layers.activation({ activation: 'softmax' })],
    message: /\[classes\] for softmax, received \[2, 4, 4\]/,
  },
  'an input of too many values': {
    shape: [2 ** 20 - 1, 2 ** 20 - 1, 2 ** 20 - 1],
    chain: () => [layers.flatten()],
    message: /at most 2147483647 values in the input/,
  },
  'an output of too many values': {
    shape: [1, 28, 28],
    chain: () => [layers.conv2d({ filters: 2 ** 40, kernelSize: 3, name: 'wide' })],
    message: /wide \(layer 0 .*at most 2147483647 values in the output/,
  },
  'weights of too many values': {
    shape: [2 ** 19],
    chain: () => [layers.dense({ units: 2 ** 19 })],
    message: /at most 2147483647 values in the weights dense\/kernel, received the shape \[524288, 524288\]/,
  },
  'a kernel of too many values': {
    shape: [1, 1, 1],
    chain: () => [layers.conv2d({ filters: 1, kernelSize: 2 ** 20 - 1, padding: 'same' })],
    message: /at most 2147483647 values in the weights conv2d\/kernel/,
  },
};

for (const [what, { shape, chain, message }] of Object.entries(MISFITS)) {
  test(`sequential refuses ${what}`, (t) => {
    t.throws(() => sequential({ inputShape: shape }, chain()), { instanceOf: ShapeError, message });
  });
}

test('compile refuses a loss for classes on images', (t) => {
  const model = sequential({ inputShape: [1, 4, 4] }, [layers.maxPooling2d()]);
  t.throws(() => model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' }), {
    instanceOf: ShapeError,
    message: /model\.compile: expected a model with outputs of shape \[classes\].*received \[1, 2, 2\]/,
  });
});

test('datasets.fromArrays refuses arrays with holes', async (t) => {
  const good = { images: [1, 2, 3, 4], labels: [0, 1], shape: [2], classes: 2 };
  t.notThrows(() => datasets.fromArrays(good));
  await refused(t, 'shape', () => datasets.fromArrays({ ...good, shape: new Array(1) }));
  await refused(t, 'images', () => datasets.fromArrays({ ...good, images: new Array(4) }));
  await refused(t, 'classNames', () => datasets.fromArrays({ ...good, classNames: new Array(2) }));
});

test('after all refusals a model still trains', async (t) => {
  const model = smallModel();
  await t.throwsAsync(model.fit(null as Anything), { instanceOf: InvalidArgumentError });
  const { history } = await model.fit(blobs(90), { epochs: 5, batchSize: 8 });
  t.true((history.accuracy?.at(-1) ?? 0) > 0.9);
});

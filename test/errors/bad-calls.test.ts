import test from 'ava';
import { InvalidArgumentError, optimizers, ShapeError } from 'cnnative';
import {
  type Anything,
  emptyArrays,
  JUNK,
  junkBut,
  objects,
  refused,
  refusesOptions,
  show,
} from '../helpers/bad-values.js';
import { blobs, smallModel } from '../helpers/small.js';

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

test('after all refusals a model still trains', async (t) => {
  const model = smallModel();
  await t.throwsAsync(model.fit(null as Anything), { instanceOf: InvalidArgumentError });
  const { history } = await model.fit(blobs(90), { epochs: 5, batchSize: 8 });
  t.true((history.accuracy?.at(-1) ?? 0) > 0.9);
});

import test from 'ava';
import {
  datasets,
  InvalidArgumentError,
  info,
  input,
  layers,
  type Model,
  model,
  optimizers,
  sequential,
} from 'cnnative';
import { drawSigned } from '../helpers/draw.js';
import { smallModel } from '../helpers/small.js';
import { pictureAndRow, signs } from '../helpers/two-inputs.js';

/** Anything may be called with anything: types are for TypeScript's users alone. */
// biome-ignore lint/suspicious/noExplicitAny: some of it is about values of the wrong type
type Anything = any;

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}

test('a model learns what only its two inputs together tell', async (t) => {
  const network = pictureAndRow();
  const { history } = await network.fit(signs(300), { epochs: 10, batchSize: 16, validationData: signs(100) });
  t.true((history.accuracy?.at(-1) ?? 0) > 0.97, String(history.accuracy));
  t.true((history.valAccuracy?.at(-1) ?? 0) > 0.97, String(history.valAccuracy));
  const { images, ...rest } = signs(300);
  const rows = images[1] as Float32Array;
  const halved = await network.evaluate({ ...rest, images: [images[0] as Uint8Array, new Float32Array(rows.length)] });
  t.true((halved.accuracy ?? 1) < 0.7, String(halved.accuracy));
});

for (const isa of info().isas) {
  test(`each input has its own shape, element type and preprocessing on ${isa}`, async (t) => {
    const a = input({ shape: [2, 2, 3], mean: [0.1, 0.2], std: [0.5, 4] });
    const b = input({ shape: [12], scale: 0.5, mean: 1 });
    const c = input({ shape: [12] });
    const sum = layers.add().apply([layers.flatten().apply(a), b, c]);
    const network = model({ inputs: [a, b, c], outputs: sum });
    const [first, second] = [3, 7].map((step) => Uint8Array.from({ length: 21 * 12 }, (_, i) => (i * step) % 256));
    const third = Float32Array.from({ length: 21 * 12 }, (_, i) => drawSigned(1, i));
    const expected = Float32Array.from(third, (value, i) => {
      const channel = Math.floor(i / 6) % 2;
      const x = ((first?.[i] ?? 0) / 255 - ([0.1, 0.2][channel] as number)) / ([0.5, 4][channel] as number);
      return x + ((second?.[i] ?? 0) * 0.5 - 1) + value;
    });
    const { data, shape } = await network.predict([first, second, third] as Uint8Array[], { isa, batchSize: 17 });
    t.deepEqual(shape, [21, 12]);
    t.true(largestDifference(data, expected) < 1e-5);
  });
}

test('two dense layers whose outputs are added train as one on both rows beside each other', async (t) => {
  const size = 70;
  const left = Float32Array.from({ length: 3 * size }, (_, i) => drawSigned(1, i));
  const right = Float32Array.from({ length: 5 * size }, (_, i) => drawSigned(2, i));
  const labels = Int32Array.from({ length: size }, (_, i) => i % 4);
  const joined = Float32Array.from({ length: 8 * size }, (_, i) => {
    const [sample, j] = [Math.floor(i / 8), i % 8];
    return (j < 3 ? left[3 * sample + j] : right[5 * sample + j - 3]) as number;
  });
  const inputs = [input({ shape: [3] }), input({ shape: [5] })];
  const [a, b] = inputs as [(typeof inputs)[0], (typeof inputs)[0]];
  const two = model({
    inputs,
    outputs: layers
      .add()
      .apply([
        layers.dense({ units: 4, name: 'left' }).apply(a),
        layers.dense({ units: 4, useBias: false, name: 'right' }).apply(b),
      ]),
    seed: 5,
  });
  const one = sequential({ inputShape: [8], seed: 5 }, [layers.dense({ units: 4, name: 'both' })]);
  const row = (unit: number, kernel: ArrayLike<number>, length: number) =>
    Array.from({ length }, (_, j) => kernel[unit * length + j] as number);
  const join = ({ 'left/kernel': l, 'right/kernel': r }: Awaited<ReturnType<Model['getWeights']>>) =>
    Float32Array.from([0, 1, 2, 3].flatMap((u) => [...row(u, l?.data ?? [], 3), ...row(u, r?.data ?? [], 5)]));
  await one.setWeights({ 'both/kernel': join(await two.getWeights()) });
  for (const each of [one, two]) {
    const optimizer = optimizers.sgd({ learningRate: 0.3, momentum: 0.5 });
    each.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  }
  const parted = datasets.fromArrays({ images: [left, right], labels, shape: [[3], [5]] });
  const { history } = await two.fit(parted, { epochs: 4, batchSize: 16 });
  const whole = datasets.fromArrays({ images: joined, labels, shape: [8] });
  const { history: expected } = await one.fit(whole, { epochs: 4, batchSize: 16 });
  t.true(largestDifference(history.loss, expected.loss) < 1e-5);
  const weights = (await one.getWeights())['both/kernel']?.data ?? [];
  t.true(largestDifference(join(await two.getWeights()), weights) < 1e-4);
});

test('any number of threads trains two inputs to the same bits', async (t) => {
  const trained = async (threads: number) => {
    const network = pictureAndRow();
    const losses: number[] = [];
    for await (const event of network.train(signs(90), { epochs: 2, batchSize: 40, threads, logEvery: 1 })) {
      if (event.event === 'step') losses.push(event.loss);
    }
    return { losses, weights: await network.getWeights() };
  };
  t.deepEqual(await trained(3), await trained(1));
});

test('weights are set and read by name', async (t) => {
  const [network, other] = [pictureAndRow({ seed: 1 }), pictureAndRow({ seed: 2 })];
  const { images } = signs(5);
  t.notDeepEqual(await network.predict(images), await other.predict(images));
  await other.setWeights(await network.getWeights());
  t.deepEqual(await network.predict(images), await other.predict(images));
});

test('a model tells its inputs by name, in their order', (t) => {
  const network = pictureAndRow();
  t.deepEqual(network.inputs, [
    { name: 'picture', shape: [1, 2, 2], scale: 1 / 255, mean: [0.5], std: [0.25] },
    { name: 'row', shape: [3], scale: 1 / 255, mean: [0], std: [1] },
  ]);
  const rows = network.summary().split('\n');
  t.regex(rows[3] ?? '', /│ picture +│ +│ \[1, 2, 2\] +│/);
  t.regex(rows[5] ?? '', /│ row +│ +│ \[3\] +│/);
  for (const property of ['input', 'inputShape'] as const) {
    t.throws(() => network[property], {
      instanceOf: InvalidArgumentError,
      message: `model.${property}: expected a model with one input, received one with 2. Use model.inputs.`,
    });
  }
  const single = smallModel();
  t.deepEqual(single.inputs, [{ name: 'input', ...single.input }]);
});

test('inputs without a name are numbered, and names are unique', (t) => {
  const [a, b, c] = [{}, { name: 'row' }, {}].map((name) => input({ shape: [2], ...name })) as Anything[];
  const network = model({ inputs: [a, b, c], outputs: layers.add().apply([a, b, c]) });
  t.deepEqual(
    network.inputs.map(({ name }) => name),
    ['input', 'row', 'input_1'],
  );
  t.deepEqual(network.graph.nodes[0]?.inputs, ['input', 'row', 'input_1']);
  const twice = input({ shape: [2], name: 'row' });
  const message = /^model: expected a different name for every layer and input, received 'row' twice/;
  t.throws(() => model({ inputs: [b, twice], outputs: layers.add().apply([b, twice]) }), { message });
  t.throws(() => model({ inputs: b, outputs: layers.flatten({ name: 'row' }).apply(b) }), { message });
  for (const name of ['', 'a b', 'a/b', 7, null]) {
    t.throws(() => input({ shape: [2], name } as Anything), { instanceOf: InvalidArgumentError, message: /for name/ });
  }
});

test('a list of one input is a model with one input', async (t) => {
  const only = input({ shape: [2] });
  const network = model({ inputs: [only], outputs: layers.flatten().apply(only) });
  t.deepEqual(network.inputShape, [2]);
  const samples = Float32Array.of(1, 2, 3, 4);
  t.deepEqual(await network.predict([samples]), await network.predict(samples));
});

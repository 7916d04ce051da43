import { layers } from 'cnnative';
import { permutation } from '#lib/util/permutation.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { at, randomValues } from '../helpers/values.js';

/** Roundings of scale, shift, product and sum, each half a unit of what it rounds. */
const FLOAT_TOLERANCE = 2 * 2 ** -24;
const DOUBLE_TOLERANCE = 1e-15;

const CASES = [
  { channels: 1, pixels: 28 * 28, samples: 37 },
  { channels: 3, pixels: 7 * 9, samples: 40 },
  { channels: 3, pixels: 16, samples: 16 },
  { channels: 1, pixels: 1, samples: 1 },
  { channels: 3, pixels: 5, samples: 33 },
  { channels: 2, pixels: 17, samples: 18 },
];

/** A network that gives its input back. */
const identity = (features: number) => new TestNetwork([features], [layers.flatten()]);

testEachIsa('bytes become normalised values', async (t, isa) => {
  const random = new Philox(30);
  for (const [i, { channels, pixels, samples }] of CASES.entries()) {
    const features = channels * pixels;
    const bytes = Uint8Array.from({ length: samples * features }, () => random.nextInt(256));
    bytes.set([0, 255].slice(0, bytes.length));
    const scale = Array.from({ length: channels }, () => 1 / 255 / (0.2 + random.nextDouble()));
    const shift = Array.from({ length: channels }, () => -3 * random.nextDouble());
    const order = permutation(samples, 30, i);
    const expected = new Float64Array(bytes.length);
    const sizes = new Float64Array(bytes.length);
    order.forEach((sample, n) => {
      for (let f = 0; f < features; f++) {
        const channel = Math.floor(f / pixels);
        const product = at(bytes, sample * features + f) * at(scale, channel);
        expected[n * features + f] = product + at(shift, channel);
        sizes[n * features + f] = product + Math.abs(at(shift, channel));
      }
    });
    const transform = { channels, scale, shift };
    // Batches that end in part of a lane group, and a last one that is smaller.
    for (const batchSize of [samples, 21]) {
      const settings = { transform, order, batchSize };
      const actual = await identity(features).predict([], bytes, { ...settings, isa });
      isClose(t, `${channels} x ${pixels}, ${samples} samples`, actual, expected, FLOAT_TOLERANCE, sizes);
      const inDouble = await identity(features).predict([], bytes, { ...settings, ...DOUBLE });
      isClose(t, `${channels} x ${pixels} in double`, inDouble, expected, DOUBLE_TOLERANCE, sizes);
    }
  }
});

testEachIsa('float32 samples arrive as they are, untouched by the transform', async (t, isa) => {
  const random = new Philox(31);
  for (const [i, { channels, pixels, samples }] of CASES.entries()) {
    const features = channels * pixels;
    const values = randomValues(random, samples * features, 1e6);
    const order = permutation(samples, 31, i);
    const expected = Float32Array.from({ length: values.length }, (_, j) =>
      at(values, at(order, Math.floor(j / features)) * features + (j % features)),
    );
    const transform = { channels, scale: new Array(channels).fill(7), shift: new Array(channels).fill(5) };
    for (const inputs of [values, Float64Array.from(values)]) {
      const actual = await identity(features).predict([], inputs, { isa, order, transform, batchSize: 19 });
      t.deepEqual(actual, expected);
    }
  }
});

testEachIsa('an order may name a sample often, and leave others out', async (t, isa) => {
  const inputs = Float32Array.from({ length: 5 * 3 }, (_, i) => i);
  const order = Int32Array.of(4, 4, 0, 2, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
  const expected = Float32Array.from([...order].flatMap((sample) => [0, 1, 2].map((i) => sample * 3 + i)));
  t.deepEqual(await identity(3).predict([], inputs, { isa, order, batchSize: 17 }), expected);
});

testEachIsa('a sample that is not of the batch has no part in it, whatever it holds', async (t, isa) => {
  const network = new TestNetwork([4], [layers.dense({ units: 3, activation: 'tanh' }), layers.dense({ units: 2 })]);
  const random = new Philox(32);
  const parameters = network.randomParameters(random);
  const labels = new Int32Array(20).fill(1);
  const good = randomValues(random, 20 * 4);
  const bad = good.map((value, i) => (i < 3 * 4 ? Number.NaN : value));
  // One lane group in part: the lanes left over must hold something, and it must not be these samples.
  const order = Int32Array.from({ length: 17 }, (_, i) => i + 3);
  const expected = await network.gradients(parameters, { inputs: good, labels }, { isa, order, batchSize: 17 });
  const actual = await network.gradients(parameters, { inputs: bad, labels }, { isa, order, batchSize: 17 });
  t.deepEqual(actual, expected);
  t.true(actual.parameters.every((gradient) => gradient.every(Number.isFinite)));
});

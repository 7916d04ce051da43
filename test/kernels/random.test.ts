import test from 'ava';
import { Philox } from '#lib/util/philox.js';
import { CallProgram, type CallSettings } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel, testVectors, vectorIsas } from '../helpers/isas.js';
import { keptUnits, normalUnits, type Place } from '../helpers/reference/random.js';
import { toElement } from '../helpers/test-network.js';
import { at, randomValues } from '../helpers/values.js';

const SHAPES = [
  { samples: 1, units: 1 },
  { samples: 5, units: 3 },
  { samples: 16, units: 4 },
  { samples: 17, units: 7 },
  { samples: 40, units: 33 },
  { samples: 33, units: 130 },
];
const PLACES: readonly Place[] = [
  { key0: 0, key1: 0, stream: 5, step: 0 },
  { key0: 0xffffffff, key1: 0x1fffff, stream: 5 + 256 * 7, step: 1 },
  { key0: 12345, key1: 3, stream: 0xffffffff, step: 2 ** 32 + 77 },
];

/** What a call of one operand in and one out makes of values. */
async function applied(op: string, settings: CallSettings, x: Float32Array, attributes: object, threads = 2) {
  const program = new CallProgram(settings);
  const input = program.input(x);
  const output = program.sample(input.features);
  const operands = op.endsWith('Gradient') ? { dx: output, dy: input } : { y: output, x: input };
  program.call(op, operands, { ...attributes });
  return (await program.run(threads))(output);
}

testEachKernel('dropout keeps what the definition of Philox says, forward and backward', async (t, kernels) => {
  const { element = 'float32' } = kernels;
  const random = new Philox(910);
  for (const { samples, units } of SHAPES) {
    for (const [i, { step, ...place }] of PLACES.entries()) {
      const pixels = [1, 1, 6][i] as number;
      const rate = [0.5, 0.1, 0.75][i] as number;
      const x = randomValues(random, samples * units * pixels);
      const kept = keptUnits({ ...place, step }, samples, units, rate);
      const scale = at(toElement(element, [1 / (1 - rate)]), 0);
      const expected = toElement(
        element,
        Float64Array.from(x, (value, j) => (kept[Math.floor(j / pixels)] ? value * scale : 0)),
      );
      for (const op of ['dropout', 'dropoutGradient']) {
        const settings = { ...kernels, samples, firstStep: step };
        const y = await applied(op, settings, x, { units, pixels, share: rate, ...place });
        isClose(t, `${op}, ${samples} samples of ${units} x ${pixels}`, y, expected, 0);
      }
    }
  }
});

testEachKernel('gaussian noise is within 1e-6 deviations of the definition', async (t, kernels) => {
  const { element = 'float32' } = kernels;
  for (const { samples, units } of SHAPES) {
    for (const { step, ...place } of PLACES) {
      const x = new Float32Array(samples * units);
      const settings = { ...kernels, samples, firstStep: step };
      const y = await applied('gaussianNoise', settings, x, { units, deviation: 3, ...place });
      const expected = normalUnits({ ...place, step }, samples, units).map((value) => 3 * value);
      const tolerance = element === 'float64' ? 1e-13 : 3e-6;
      isClose(t, `${samples} samples of ${units}`, y, expected, tolerance, 1);
    }
  }
});

testEachKernel('noise is added to the input', async (t, kernels, rounding) => {
  const place = { key0: 1, key1: 2, stream: 3 };
  const settings = { ...kernels, samples: 19 };
  const x = randomValues(new Philox(911), 19 * 6, 100);
  const noise = await applied('gaussianNoise', settings, new Float32Array(19 * 6), {
    units: 6,
    deviation: 0.5,
    ...place,
  });
  const y = await applied('gaussianNoise', settings, x, { units: 6, deviation: 0.5, ...place });
  const expected = Float64Array.from(x, (value, i) => value + at(noise, i));
  isClose(t, 'sum', y, expected, 4 * rounding);
});

testEachKernel('numbers do not depend on the threads, and change with step, stream and seed', async (t, kernels) => {
  const [samples, units] = [70, 41];
  const x = randomValues(new Philox(912), samples * units);
  const drawn = (threads: number, firstStep: number, change: object) => {
    const attributes = { units, pixels: 1, share: 0.5, key0: 1, key1: 2, stream: 5, ...change };
    return applied('dropout', { ...kernels, samples, firstStep }, x, attributes, threads);
  };
  const once = await drawn(1, 8, {});
  for (const threads of [2, 3]) t.deepEqual(await drawn(threads, 8, {}), once);
  for (const [step, change] of [
    [9, {}],
    [8, { stream: 261 }],
    [8, { key0: 2 }],
    [8, { key1: 1 }],
  ] as const) {
    const other = await drawn(2, step, change);
    const same = once.filter((value, i) => (value === 0) === (other[i] === 0)).length / once.length;
    t.true(same > 0.45 && same < 0.55, `${same}`);
  }
});

testVectors('every instruction set with vectors draws the same bits', async (t) => {
  const [samples, units] = [37, 50];
  const x = randomValues(new Philox(913), samples * units);
  const place = { key0: 77, key1: 1, stream: 517 };
  for (const [op, attributes] of [
    ['dropout', { pixels: 1, share: 0.3 }],
    ['gaussianNoise', { deviation: 0.1 }],
  ] as const) {
    const results = await Promise.all(
      vectorIsas.map((isa) => applied(op, { isa, samples, firstStep: 3 }, x, { units, ...attributes, ...place })),
    );
    for (const result of results) t.deepEqual(result, results[0]);
  }
});

testEachKernel('dropped shares, means and variances are those asked for', async (t, kernels) => {
  const [samples, units] = [512, 512];
  const count = samples * units;
  const ones = new Float32Array(count).fill(1);
  const place = { key0: 4, key1: 0, stream: 5 };
  for (const rate of [0.1, 0.5, 0.9]) {
    const y = await applied('dropout', { ...kernels, samples }, ones, { units, pixels: 1, share: rate, ...place });
    const dropped = y.filter((value) => value === 0).length / count;
    // Five standard deviations.
    t.true(Math.abs(dropped - rate) < 5 * Math.sqrt((rate * (1 - rate)) / count), `${dropped} for ${rate}`);
  }
  const attributes = { units, deviation: 1, ...place };
  const z = Float64Array.from(
    await applied('gaussianNoise', { ...kernels, samples }, new Float32Array(count), attributes),
  );
  const moment = (power: number) => z.reduce((sum, value) => sum + value ** power, 0) / count;
  const error = (variance: number) => 5 * Math.sqrt(variance / count);
  t.true(Math.abs(moment(1)) < error(1), `mean ${moment(1)}`);
  t.true(Math.abs(moment(2) - 1) < error(2), `variance ${moment(2)}`);
  t.true(Math.abs(moment(3)) < error(15), `third moment ${moment(3)}`);
  t.true(Math.abs(moment(4) - 3) < error(96), `fourth moment ${moment(4)}`);
  const neighbours = z.subarray(1).reduce((sum, value, i) => sum + value * at(z, i), 0) / count;
  t.true(Math.abs(neighbours) < error(1), `correlation ${neighbours}`);
});

test('native code refuses shares and seeds that are none', async (t) => {
  const good = { units: 3, pixels: 1, share: 0.5, key0: 0, key1: 0, stream: 0 };
  for (const change of [
    { share: 1 },
    { share: -0.1 },
    { share: Number.NaN },
    { units: 0 },
    { units: 4 },
    { pixels: 2 },
    { key0: -1 },
    { key1: 2 ** 32 },
    { stream: 0.5 },
  ]) {
    await t.throwsAsync(applied('dropout', { samples: 2 }, new Float32Array(6), { ...good, ...change }), {
      message: /^dropout: expected /,
    });
  }
  await t.throwsAsync(applied('dropout', { samples: 2, firstStep: -1 }, new Float32Array(6), good), {
    message: /firstStep/,
  });
});

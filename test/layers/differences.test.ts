import test from 'ava';
import { layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { centralDifferences, parameterDifferences } from '../helpers/differences.js';
import { TestNetwork } from '../helpers/test-network.js';

const STEP = 2 ** -20;

/** Differences of a curve at some points. */
function differencesOf(curve: (x: number) => number, points: readonly number[]) {
  return centralDifferences(
    'x',
    points,
    (i) => curve(points[i] ?? 0),
    points.map((x) => curve(x + STEP)),
    points.map((x) => curve(x - STEP)),
    STEP,
  );
}

test('central differences of a smooth curve are its slopes, and cross no kink', (t) => {
  const points = [-1, -0.25, 0, 0.5, 2];
  const { slopes, kinked } = differencesOf((x) => Math.sin(3 * x), points);
  points.forEach((x, i) => {
    t.true(Math.abs((slopes[i] ?? 0) - 3 * Math.cos(3 * x)) < 1e-8);
  });
  t.false(kinked.some(Boolean));
});

test('a step that crosses a kink is noticed, wherever in the step the kink is', (t) => {
  const points = [-1.5 * STEP, -0.9 * STEP, -0.5 * STEP, 0, 0.1 * STEP, 0.9 * STEP, 1.5 * STEP];
  const { kinked } = differencesOf(Math.abs, points);
  t.deepEqual(kinked, [false, true, true, true, true, true, false]);
});

test('a network at a kink of relu is noticed', async (t) => {
  const network = new TestNetwork([1], [layers.dense({ units: 2, activation: 'relu' }), layers.dense({ units: 2 })]);
  const parameters = [
    [0, 1],
    [0, 1],
    [1, -1, 0.5, 2],
    [0.25, -0.5],
  ];
  const batch = { inputs: Float32Array.of(1), labels: Int32Array.of(1) };
  const differences = await parameterDifferences(network, parameters, batch, new Philox(1), 10);
  const kinked = Object.fromEntries(differences.map(({ name, kinked }) => [name, kinked]));
  t.deepEqual(kinked['dense/kernel'], [true, false]);
  t.deepEqual(kinked['dense/bias'], [true, false]);
  t.deepEqual(kinked['dense_1/kernel'], [false, false, false, false]);
});

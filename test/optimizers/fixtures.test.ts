import test from 'ava';
import { layers, optimizers } from 'cnnative';
import { type OptimizerConfig, optimizerFromConfig } from '#lib/optimizers/index.js';
import { sizeOf } from '#lib/util/shape.js';
import { isClose, largestError } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { decode, drawArray, readFixture } from '../helpers/pytorch-fixture.js';
import { TestNetwork } from '../helpers/test-network.js';
import { largestMagnitude, type Numbers } from '../helpers/values.js';

interface Case {
  readonly optimizer: OptimizerConfig;
  readonly weights: string;
  readonly average?: string;
}

const STEPS = 50;
const [BATCH, BATCHES] = [12, 3];
/** What the issue asks for; doubles are held in float32 in the fixture. */
const [FLOAT_TOLERANCE, DOUBLE_TOLERANCE] = [1e-5, 1e-7];

const cases = readFixture<Case>('optimizers.json');
const network = new TestNetwork(
  [2, 4, 4],
  [
    layers.conv2d({ filters: 4, kernelSize: 3, activation: 'tanh' }),
    layers.flatten(),
    layers.dense({ units: 6, activation: 'tanh' }),
    layers.dense({ units: 11, activation: 'tanh' }),
    layers.dense({ units: 3, activation: 'softmax' }),
  ],
);
const shapes = network.network.parameters.map(({ shape }) => shape);
const first = shapes.map((shape, i) => {
  const scale = shape.length === 1 ? 0.5 : Math.sqrt(3 / sizeOf(shape.slice(1)));
  return drawArray(100 + i, shape, scale).data;
});
const batch = {
  inputs: drawArray(200, [BATCH * BATCHES, 2, 4, 4]).data,
  labels: Int32Array.from({ length: BATCH * BATCHES }, (_, i) => (i % 5 === 0 ? 1 : (i * 7) % 3)),
};

function train(config: OptimizerConfig, settings: object) {
  const optimizer = optimizerFromConfig('test', config);
  const rates = new Array<number>(STEPS).fill(optimizer.learningRate as number);
  const order = Int32Array.from({ length: STEPS * BATCH }, (_, i) => i % (BATCH * BATCHES));
  return network.train(first, batch, { ...settings, optimizer, rates, order, batchSize: BATCH });
}

/** Tensors one after another. */
function split(values: Numbers): Float32Array[] {
  let start = 0;
  return shapes.map((shape) => {
    start += sizeOf(shape);
    return Float32Array.from(values).subarray(start - sizeOf(shape), start);
  });
}

testEachKernel('weights after 50 steps are those of PyTorch or the paper', async (t, kernels) => {
  const tolerance = kernels.element === 'float64' ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
  let largest = 0;
  for (const { optimizer: config, weights, average } of cases) {
    const { parameters, state } = await train(config, kernels);
    const compare = (kind: string, actual: readonly Numbers[], text: string) => {
      for (const [i, expected] of split(decode(text)).entries()) {
        const own = actual[i] ?? [];
        isClose(t, `${JSON.stringify(config)}: ${kind} ${i}`, own, expected, tolerance);
        largest = Math.max(largest, largestError(own, expected, largestMagnitude(expected)));
      }
    };
    compare('weights', parameters, weights);
    if (average !== undefined) compare('average', state.slice(-shapes.length), average);
  }
  t.log(`largest error: ${largest.toExponential(1)}`);
});

test('the fixture has every optimizer, and cases that move the weights', (t) => {
  const types = new Set(cases.map(({ optimizer }) => optimizer.type));
  t.deepEqual([...types].sort(), Object.keys(optimizers).sort());
  for (const { optimizer, weights } of cases) {
    const moved = split(decode(weights)).map((values, i) => largestError(first[i] ?? [], values, 1));
    t.true(Math.min(...moved) > 1e-3, `${JSON.stringify(optimizer)}: ${moved}`);
  }
});

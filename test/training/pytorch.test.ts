import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { info } from 'cnnative';
import { lossFromName } from '#lib/losses/index.js';
import { traceGraph } from '#lib/model/graph.js';
import { native } from '#lib/native.js';
import { compile } from '#lib/program/compile.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { goldenSet, goldenWeights, type Sums, sums } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';

/** Written by tools/fixtures/pytorch_lenet5.py. */
interface Fixture {
  readonly imageSum: number;
  readonly labelSum: number;
  readonly initialWeights: Record<string, Sums>;
  readonly firstGradients: Record<string, Sums>;
  readonly losses: number[];
  readonly finalWeights: Record<string, Sums>;
}

const STEPS = 20;
const BATCH = 64;
const fixture = JSON.parse(
  readFileSync(new URL('../../test/fixtures/lenet5-pytorch.json', import.meta.url), 'utf8'),
) as Fixture;
const set = goldenSet(STEPS * BATCH);

/** Sums may cancel out, so all are held against the sum of absolute values. */
function sameSums(
  t: ExecutionContext,
  tensors: Record<string, Float32Array>,
  expected: Record<string, Sums>,
  most: number,
) {
  t.deepEqual(Object.keys(tensors), Object.keys(expected));
  for (const [name, [sum, absolute, weighted]] of Object.entries(expected)) {
    const received = sums(tensors[name] as Float32Array);
    const differences = [received[0] - sum, received[1] - absolute, (received[2] - weighted) / 3];
    const worst = Math.max(...differences.map((difference) => Math.abs(difference) / absolute));
    t.true(worst <= most, `${name}: ${worst}`);
  }
}

test('the fixture was made from the same weights and samples', (t) => {
  sameSums(t, goldenWeights(lenet5()), fixture.initialWeights, 1e-12);
  t.is(sums(Float32Array.from(set.images))[0], fixture.imageSum);
  t.is(sums(Float32Array.from(set.labels))[0], fixture.labelSum);
  t.is(fixture.losses.length, STEPS);
});

for (const isa of info().isas) {
  test(`20 steps of LeNet-5 lose what PyTorch loses on ${isa}`, async (t) => {
    const model = lenet5();
    await model.setWeights(goldenWeights(model));
    const losses: number[] = [];
    for await (const event of model.train(set, { batchSize: BATCH, shuffle: false, logEvery: 1, isa })) {
      if (event.event === 'step') losses.push(event.loss);
    }
    const differences = fixture.losses.map((loss, i) => Math.abs((losses[i] ?? Number.NaN) - loss) / loss);
    t.is(losses.length, STEPS);
    t.true(Math.max(...differences) <= 1e-4, `${differences}`);
    const weights = await model.getWeights();
    const data = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight.data]));
    sameSums(t, data, fixture.finalWeights, 1e-4);
    t.log(`loss: ${Math.max(...differences).toExponential(1)}`);
  });

  test(`the first step of LeNet-5 has the gradients of PyTorch on ${isa}`, async (t) => {
    const model = lenet5();
    const { inputs, parameters } = model.graph;
    t.deepEqual(inputs[0]?.shape, [1, 28, 28]);
    const slots = parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
    const values = new native.Variables('float32', slots);
    const gradients = new native.Variables('float32', slots);
    const weights = goldenWeights(model);
    void values.write(parameters.map(({ name }) => weights[name] as Float32Array));
    const program = compile(traceGraph(model.graph), {
      mode: 'gradients',
      batchSize: BATCH,
      element: 'float32',
      isa,
      transforms: [{ channels: 1, scale: [1 / 255 / 0.3081], shift: [-0.1307 / 0.3081] }],
      loss: lossFromName('test', 'sparseCategoricalCrossentropy'),
    });
    const run = await new ProgramRun(program, {
      stores: [values, gradients],
      dataset: new native.Dataset([{ samples: set.images, features: 784 }], set.labels),
      order: Int32Array.from({ length: BATCH }, (_, i) => i),
      batchSize: BATCH,
      scalars: new Float64Array(0),
      threads: 2,
    }).finished();
    const [lossSum = Number.NaN] = run.metrics(0);
    const [firstLoss = Number.NaN] = fixture.losses;
    t.true(Math.abs(lossSum / BATCH - firstLoss) / firstLoss <= 1e-5);
    const read = await gradients.read();
    const named = Object.fromEntries(parameters.map(({ name, slot }) => [name, read[slot] as Float32Array]));
    sameSums(t, named, fixture.firstGradients, 1e-4);
  });
}

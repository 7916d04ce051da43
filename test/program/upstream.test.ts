import test from 'ava';
import { layers } from 'cnnative';
import { runOnArrays, splitOutput } from '#lib/program/array-run.js';
import { type CompileOptions, compile } from '#lib/program/compile.js';
import { describeProgram } from '#lib/program/describe-program.js';
import type { ElementType } from '#lib/program/description.js';
import { withUpstream } from '#lib/program/upstream.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { type LooseDescription, load } from '../helpers/native-program.js';
import { TestNetwork } from '../helpers/test-network.js';
import { randomValues } from '../helpers/values.js';

const UNITS = 3;
const { network } = new TestNetwork([5], [layers.dense({ units: UNITS })]);
const upstream = withUpstream(network);
const PLAIN = { channels: 1, scale: [1], shift: [0] };

function optionsFor(batchSize: number, element: ElementType = 'float32'): CompileOptions {
  return { mode: 'gradients', batchSize, isa: 'scalar', element, transforms: [PLAIN, PLAIN], loss: upstream.loss };
}

for (const samples of [1, 15, 16, 17, 40]) {
  testEachKernel(`a given gradient goes down the network with ${samples} samples`, async (t, kernels, rounding) => {
    const random = new Philox(samples);
    const [w, b] = [randomValues(random, UNITS * 5), randomValues(random, UNITS)];
    const [x, dy] = [randomValues(random, samples * 5), randomValues(random, samples * UNITS)];
    const program = compile(upstream.network, { ...optionsFor(samples), ...kernels });
    const inputs = { parameters: [w, b], inputs: [x, dy], samples, threads: 2 };
    const { run, gradients } = await runOnArrays(upstream.network, program, inputs);
    const [dx = [], y = []] = splitOutput(run.output(), [5, UNITS], samples);

    const expected = { y: new Float64Array(samples * UNITS), dx: new Float64Array(samples * 5) };
    const [dw, db] = [new Float64Array(UNITS * 5), new Float64Array(UNITS)];
    let loss = 0;
    for (let n = 0; n < samples; n++) {
      for (let k = 0; k < UNITS; k++) {
        const slope = dy[n * UNITS + k] as number;
        let sum = b[k] as number;
        for (let i = 0; i < 5; i++) {
          sum += (w[k * 5 + i] as number) * (x[n * 5 + i] as number);
          expected.dx[n * 5 + i] = (expected.dx[n * 5 + i] as number) + slope * (w[k * 5 + i] as number);
          dw[k * 5 + i] = (dw[k * 5 + i] as number) + slope * (x[n * 5 + i] as number);
        }
        expected.y[n * UNITS + k] = sum;
        db[k] = (db[k] as number) + slope;
        loss += slope * sum;
      }
    }
    const tolerance = 50 * rounding;
    isClose(t, 'y', y, expected.y, tolerance);
    isClose(t, 'dx', dx, expected.dx, tolerance);
    isClose(t, 'dw', gradients[0] ?? [], dw, tolerance);
    isClose(t, 'db', gradients[1] ?? [], db, tolerance);
    t.true(Math.abs((run.metrics(0)[0] ?? 0) - loss) <= tolerance * samples);
  });
}

test('a linear loss with operands that are missing or too small is refused', (t) => {
  const describe = () =>
    structuredClone(describeProgram(upstream.network, optionsFor(16))) as unknown as LooseDescription;
  const lossOf = ({ calls }: LooseDescription) =>
    calls.find(({ op }) => op === 'linearLoss') as LooseDescription['calls'][0];
  t.notThrows(() => load(describe()));
  for (const name of ['loss', 'dy', 'y']) {
    const description = describe();
    delete lossOf(description).operands[name];
    t.throws(() => load(description), { message: new RegExp(`linearLoss.*${name}`) });
  }
  for (const name of ['dx', 'dy', 'y']) {
    const description = describe();
    const call = lossOf(description);
    call.operands[name] = call.operands.loss as number;
    t.throws(() => load(description), { message: new RegExp(`linearLoss.*${name}`) });
  }
  for (const features of [0, UNITS + 1, 0.5, 2 ** 40]) {
    const description = describe();
    lossOf(description).attributes.features = features;
    t.throws(() => load(description), { message: /linearLoss/ });
  }
});

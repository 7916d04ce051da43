import test from 'ava';
import { native, type RunInputs } from '#lib/native.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { inOrder } from '#lib/util/permutation.js';
import { describeTwoInputs, type LooseDescription, load, MODES, twoInputs } from '../helpers/native-program.js';

const FEATURES = [6, 4];
const SAMPLES = 20;

const attributesOf = (description: LooseDescription, op: string, index: number) =>
  description.calls.filter((call) => call.op === op)[index]?.attributes ?? {};
const partsOf = (features: readonly number[]) =>
  features.map((count) => ({ samples: new Float32Array(count * SAMPLES).fill(0.5), features: count }));
const inputs = (features: readonly number[]): RunInputs => ({
  stores: [twoInputs.variables('float32')],
  dataset: new native.Dataset(partsOf(features), new Int32Array(SAMPLES)),
  order: inOrder(SAMPLES),
  batchSize: SAMPLES,
  scalars: new Float64Array(0),
  threads: 1,
});

test('each gather names the part it reads, and each output the features it fills', (t) => {
  const description = describeTwoInputs('gradients');
  t.deepEqual(description.inputElements, FEATURES);
  t.is(description.outputElements, 10);
  t.deepEqual(
    [0, 1].map((i) => attributesOf(description, 'gather', i).part),
    [0, 1],
  );
  const outputs = [0, 1].map((i) => attributesOf(description, 'output', i));
  t.deepEqual(outputs, [
    { first: 0, features: 6 },
    { first: 6, features: 4 },
  ]);
  for (const mode of MODES) t.notThrows(() => load(describeTwoInputs(mode)), mode);
});

test('rejects parts and features of an output that are none or of other extents', (t) => {
  const changes: [op: string, change: Record<string, unknown>][] = [
    ...[-1, 1, 2, 0.5, 2 ** 40, Number.NaN, undefined, '0', null].map((part) => ['gather', { part }] as never),
    ...[-1, 5, 10, 0.5, 2 ** 53, Number.NaN, undefined, '0'].map((first) => ['output', { first }] as never),
    ...[0, -1, 11, 2 ** 40, undefined].map((features) => ['output', { features }] as never),
  ];
  for (const [op, change] of changes) {
    const description = describeTwoInputs('gradients');
    Object.assign(attributesOf(description, op, 0), change);
    t.throws(() => load(description), { message: /gather|output|number/ }, `${op} ${JSON.stringify(change)}`);
  }
  for (const inputElements of [[], [6], [4], [4, 6], [6, 5], [6, 4, 0], [6, -4], [6, 4.5], [6, '4'], 10, null]) {
    t.throws(
      () => load({ ...describeTwoInputs('predict'), inputElements }),
      { instanceOf: Error },
      String(inputElements),
    );
  }
  t.throws(() => load({ ...describeTwoInputs('gradients'), outputElements: 9 }), { message: /output/ });
});

test('rejects datasets of other parts', (t) => {
  const program = load(describeTwoInputs('predict'));
  const run = (features: readonly number[]) => new native.Run(program, inputs(features), () => undefined);
  for (const features of [[6], [10], [6, 4, 4]]) {
    t.throws(() => run(features), { message: /a dataset of 2 parts, received/ }, String(features));
  }
  t.throws(() => run([4, 6]), { message: /samples of 6 elements in part 0, received 4/ });
  t.throws(() => run([6, 5]), { message: /samples of 4 elements in part 1, received 5/ });
  t.notThrows(() => run(FEATURES));
});

test('a part that no call reads does no harm', async (t) => {
  const description = describeTwoInputs('predict');
  Object.assign(description, { inputElements: [6, 4, 9] });
  const more = inputs([...FEATURES, 9]);
  const run = new ProgramRun({ native: load(description) }, more);
  t.is((await run.finished()).output().length, 3 * SAMPLES);
});

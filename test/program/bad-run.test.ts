import test from 'ava';
import { type FloatArray, type NativeDataset, native, type RunInputs } from '#lib/native.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { inOrder } from '#lib/util/permutation.js';
import { BATCH, describeAny, everyOperator, inputsFor, load, MODES } from '../helpers/native-program.js';

const { features, classes } = everyOperator;
const program = load(describeAny('train'));
const quiet = () => undefined;
type Loose = (...args: unknown[]) => unknown;

/** Calls a native constructor with whatever it is. */
function make(Class: unknown, ...args: unknown[]): unknown {
  return new (Class as new (...args: unknown[]) => unknown)(...args);
}

const datasetOf = (labels: Int32Array | null, samples = 50): NativeDataset =>
  new native.Dataset([{ samples: new Float32Array(samples * features), features }], labels);

test('rejects inputs of a run that do not fit the program', (t) => {
  const good = inputsFor('train');
  const [parameters, state] = good.stores;
  const part = { samples: new Float32Array(50 * features), features };
  const twoParts = new native.Dataset([part, part], new Int32Array(50));
  const released = datasetOf(new Int32Array(50));
  released.releaseMemory();
  const bad: [string, unknown, RegExp][] = [
    ['stores', [], /store/],
    ['stores', [parameters], /store/],
    ['stores', [parameters, state, state], /store/],
    ['stores', [parameters, everyOperator.variables('float64')], /float64/],
    ['stores', [everyOperator.variables('float32', 2), state], /slots/],
    ['stores', [new native.Variables('float32', [36, 3, 1, 1, 1, 1]), state], /slot/],
    ['stores', [good.dataset, state], /stores/],
    ['stores', [null, state], /stores/],
    ['stores', null, /stores/],
    ['dataset', parameters, /dataset/],
    ['dataset', {}, /dataset/],
    ['dataset', undefined, /dataset/],
    ['dataset', new native.Dataset([{ samples: new Float32Array(20), features: 4 }], new Int32Array(5)), /elements/],
    ['dataset', twoParts, /1 parts, received 2/],
    ['dataset', released, /1 parts, received 0/],
    ['dataset', datasetOf(new Int32Array(50).fill(classes)), /label/],
    ['dataset', datasetOf(new Int32Array(50).fill(2 ** 31 - 1)), /label/],
    ['dataset', datasetOf(null), /label/],
    ['dataset', datasetOf(new Int32Array(3), 3), /indices/],
    ['order', Int32Array.of(-1), /indices/],
    ['order', Int32Array.of(0, 47), /indices/],
    ['order', Int32Array.of(2 ** 31 - 1), /indices/],
    ['order', Float32Array.of(0), /order/],
    ['order', [0, 1], /order/],
    ['order', undefined, /order/],
    ['order', new BigInt64Array(2), /order/],
    ['batchSize', 0, /batchSize/],
    ['batchSize', -1, /batchSize/],
    ['batchSize', BATCH + 1, /batchSize/],
    ['batchSize', 2 ** 40, /batchSize/],
    ['batchSize', Number.NaN, /batchSize/],
    ['batchSize', 1.5, /batchSize/],
    ['batchSize', '16', /batchSize/],
    ['scalars', new Float64Array(1), /scalars/],
    ['scalars', new Float64Array(3), /scalars/],
    ['scalars', new Float32Array(2), /scalars/],
    ['scalars', undefined, /scalars/],
    ['firstStep', -1, /firstStep/],
    ['firstStep', 0.5, /firstStep/],
    ['firstStep', '1', /firstStep/],
    ['keys', new Int32Array(0), /a key for each/],
    ['keys', good.order.slice(1), /a key for each of \d+ samples/],
    ['keys', new Int32Array(good.order.length + 1), /a key for each/],
    ['keys', new Float64Array(good.order.length), /keys/],
    ['keys', [...good.order], /keys/],
    ['keys', null, /keys/],
    ['keys', new Int32Array(good.order.length).fill(-1), /keys of at least 0/],
    ['epoch', -1, /epoch/],
    ['epoch', 0.5, /epoch/],
    ['epoch', 2 ** 53, /epoch/],
    ['epoch', 1e300, /epoch/],
    ['epoch', Number.NaN, /epoch/],
    ['epoch', '1', /epoch/],
    ['epoch', null, /epoch/],
    ['firstStep', 1e300, /firstStep/],
    ['firstStep', 2 ** 53, /firstStep/],
    ['threads', 0, /threads/],
    ['threads', -1, /threads/],
    ['threads', 2 ** 31, /threads/],
    ['threads', Number.NaN, /threads/],
    ['threads', 1.5, /threads/],
    ['threads', undefined, /threads/],
  ];
  for (const [field, value, message] of bad) {
    const inputs = { ...good, [field]: value } as RunInputs;
    t.throws(() => new native.Run(program, inputs, quiet), { message }, `${field}: ${String(value)}`);
  }
  for (const nothing of [undefined, null, 1, 'x']) {
    t.throws(() => make(native.Run, program, nothing, quiet), { message: /inputs/ });
    t.throws(() => make(native.Run, nothing, good, quiet), { message: /program/ });
    t.throws(() => make(native.Run, program, good, nothing), { message: /listener/ });
  }
  t.throws(() => make(native.Run, good.dataset, good, quiet), { message: /program/ });
  t.throws(() => make(native.Run, Object.create(native.Program.prototype), good, quiet), { instanceOf: Error });
});

test('rejects samples and labels of a dataset that do not fit', (t) => {
  const samples = new Float32Array(12);
  const part = { samples, features: 3 };
  for (const [args, message] of [
    [[], /parts/],
    [[part, null], /parts/],
    [[[], null], /parts/],
    [[[null], null], /part/],
    [[new Array(1), null], /part/],
    [[[samples], null], /features/],
    [[[{ features: 3 }], null], /samples/],
    [[[{ samples: [1, 2, 3], features: 3 }], null], /samples/],
    [[[{ samples: new Int32Array(12), features: 3 }], null], /samples/],
    [[[{ samples: new Uint16Array(12), features: 3 }], null], /samples/],
    [[[{ samples: new DataView(new ArrayBuffer(12)), features: 3 }], null], /samples/],
    [[[{ samples: new ArrayBuffer(12), features: 3 }], null], /samples/],
    [[[{ samples, features: 0 }], null], /features/],
    [[[{ samples, features: -3 }], null], /features/],
    [[[{ samples, features: 5 }], null], /features/],
    [[[{ samples, features: Number.NaN }], null], /features/],
    [[[{ samples, features: 2 ** 60 }], null], /features/],
    [[[{ samples, features: '3' }], null], /features/],
    [[[part, { samples, features: 4 }], null], /4 samples, as in the part before/],
    [[[part, { samples: new Uint8Array(0), features: 4 }], null], /4 samples, as in the part before/],
    [[[part]], /labels/],
    [[[part], new Int32Array(3)], /labels/],
    [[[part], new Int32Array(5)], /labels/],
    [[[part], new Float32Array(4)], /labels/],
    [[[part], [0, 0, 0, 0]], /labels/],
    [[[part], Int32Array.of(0, 1, -1, 2)], /labels/],
  ] as const) {
    t.throws(() => make(native.Dataset, ...args), { message });
  }
});

test('rejects stores that are none, and values that do not fit their slots', (t) => {
  for (const args of [
    [],
    ['int32', [1]],
    ['float16', [1]],
    [4, [1]],
    ['float32'],
    ['float32', 4],
    ['float32', [-1]],
    ['float32', [Number.NaN]],
    ['float32', [1.5]],
    ['float32', [2 ** 53]],
    ['float32', ['1']],
    ['float64', [2 ** 40]],
  ]) {
    t.throws(() => make(native.Variables, ...args), { instanceOf: Error }, JSON.stringify(args));
  }
  const store = new native.Variables('float32', [2, 3]);
  for (const values of [
    undefined,
    [],
    [null],
    [null, null, null],
    [new Float32Array(2), undefined],
    [new Float32Array(3), null],
    [new Float64Array(2), null],
    [[1, 2], null],
    [null, new Uint8Array(3)],
  ]) {
    t.throws(() => store.write(values as (FloatArray | null)[]), { instanceOf: Error });
  }
});

test('native constructors need new, and methods the object they are of', (t) => {
  const { Variables, Dataset, Program, Run } = native as unknown as Record<string, Loose & { prototype: object }>;
  for (const make of [Variables, Dataset, Program, Run]) {
    t.throws(() => make?.('float32', [1]), { instanceOf: TypeError });
  }
  const others = [
    {},
    null,
    undefined,
    1,
    new native.Dataset([{ samples: new Uint8Array(1), features: 1 }], null),
    program,
  ];
  for (const prototype of [Variables?.prototype, Run?.prototype]) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = (prototype as Record<string, unknown>)[name];
      if (name === 'constructor' || typeof method !== 'function') continue;
      for (const other of others) t.throws(() => method.call(other, 0), { instanceOf: Error }, name);
    }
  }
  t.throws(() => Object.create(native.Variables.prototype).read(), { instanceOf: Error });
});

test('objects dressed up as native ones of another class are rejected', (t) => {
  const good = inputsFor('train');
  const dressed = (object: object, as: { prototype: unknown }) =>
    Object.setPrototypeOf(object, as.prototype as object) as unknown;
  const fresh = () => new native.Dataset([{ samples: new Uint8Array(4), features: 4 }], null);
  t.throws(() => make(native.Run, dressed(fresh(), native.Program), good, quiet), { message: /Program for program/ });
  const stores = [dressed(fresh(), native.Variables), good.stores[1]];
  t.throws(() => make(native.Run, program, { ...good, stores }, quiet), { message: /Variables for stores/ });
  const dataset = dressed(new native.Variables('float32', [4]), native.Dataset);
  t.throws(() => make(native.Run, program, { ...good, dataset }, quiet), { message: /Dataset for dataset/ });
});

test('a peak is measured of known instruction sets on some threads only', (t) => {
  const measure = native.measurePeak as unknown as Loose;
  for (const args of [[], ['sse9', 1], ['scalar'], ['scalar', 0], ['scalar', 1e9], ['scalar', Number.NaN], [1, 1]]) {
    t.throws(() => measure(...args), { instanceOf: Error }, JSON.stringify(args));
  }
});

test('a program answers for its memory with any number of threads, or rejects it', (t) => {
  for (const threads of [undefined, '1', Number.NaN, 0.5, Number.POSITIVE_INFINITY]) {
    t.throws(() => (program.arenaBytes as Loose).call(program, threads), { message: /threads/ });
  }
  t.true(program.arenaBytes(2) >= program.arenaBytes(1));
});

test('a run answers questions at any time, and only gives an output once it has one', async (t) => {
  const good = inputsFor('predict');
  const run = new ProgramRun({ native: load(describeAny('predict')) }, good);
  for (const first of [undefined, '0', Number.NaN, 0.5]) {
    t.throws(() => (run.native.metrics as Loose).call(run.native, first), { instanceOf: Error });
  }
  t.notThrows(() => [run.native.completed(), run.native.cancelled(), run.native.error(), run.native.stepSeconds()]);
  const finished = await run.finished();
  t.is(finished.output().length, (BATCH + 7) * classes);
  for (const first of [-5, 0, 1, 2, 100, 2 ** 40]) t.is(finished.metrics(first).length, 0);
  finished.cancel();
  t.is(finished.error(), null);

  const cancelled = new ProgramRun({ native: load(describeAny('predict')) }, inputsFor('predict'));
  await cancelled.stop();
  if (cancelled.native.completed() < 2) t.throws(() => cancelled.native.output(), { message: /finished/ });
});

test('an empty order makes no steps and no output', async (t) => {
  for (const mode of MODES) {
    const inputs = { ...inputsFor(mode), order: inOrder(0), scalars: new Float64Array(0) };
    const run = new ProgramRun({ native: load(describeAny(mode)) }, inputs);
    const { length } = (await run.finished()).output();
    t.deepEqual([length, run.native.completed(), run.native.metrics(0).length], [0, 0, 0]);
  }
});

test('arrays are copied: what happens to them after a call changes nothing', async (t) => {
  const inputs = inputsFor('predict');
  const run = (changed: RunInputs) => new ProgramRun({ native: load(describeAny('predict')) }, changed);
  const expected = (await run(inputs).finished()).output();
  const order = inOrder(BATCH + 7);
  const started = run({ ...inputs, order });
  order.fill(2 ** 31 - 1);
  structuredClone(order.buffer, { transfer: [order.buffer as ArrayBuffer] });
  t.deepEqual((await started.finished()).output(), expected);
  t.throws(() => new native.Run(load(describeAny('train')), { ...inputs, order }, quiet), { instanceOf: Error });
});

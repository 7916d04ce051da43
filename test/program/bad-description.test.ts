import test from 'ava';
import { ProgramRun } from '#lib/program/program-run.js';
import { makeRoom } from '../helpers/mutation.js';
import { describeAny, inputsFor, type LooseDescription, load, MODES } from '../helpers/native-program.js';
import { threadTime } from '../helpers/thread-time.js';

/** Numbers no extent, index, size or count can be. */
const NO_COUNTS = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 2 ** 53, 1e300];
const NO_NUMBERS = [undefined, null, '1', {}, true, 1n];

/** Attributes that any number will do for. */
const FREE_ATTRIBUTES = [
  ...['scale', 'shift', 'momentum', 'parameter', 'share', 'deviation', 'l1', 'l2'],
  ...['limit', 'rateFactor', 'decay'],
];

test('good descriptions load and run in every mode', async (t) => {
  for (const mode of MODES) {
    const description = describeAny(mode);
    const program = load(description);
    t.true(program.arenaBytes(1) > 0);
    const run = new ProgramRun({ native: program }, inputsFor(mode));
    t.is((await run.finished()).completed(), 2, mode);
  }
});

test('rejects whatever is no description', (t) => {
  for (const nothing of [undefined, null, 1, 'x', [], {}, () => 1, Symbol('x'), new Float32Array(8)]) {
    t.throws(() => load(nothing), { instanceOf: Error }, String(nothing));
  }
  for (const field of Object.keys(describeAny('train'))) {
    const { [field]: _left, ...rest } = describeAny('train') as Record<string, unknown>;
    t.throws(() => load(rest), { message: new RegExp(field) }, `without ${field}`);
  }
});

test('rejects sizes of a program that are none', (t) => {
  const sizes = ['batchSize', 'groupsPerBlock', 'sampleBytes', 'sharedBytes', 'inputElements'] as const;
  const counts = ['outputElements', 'metrics', 'scalars'] as const;
  for (const field of [...sizes, ...counts]) {
    for (const value of [...NO_COUNTS, ...NO_NUMBERS]) {
      const description = { ...describeAny('train'), [field]: value };
      t.throws(() => load(description), { message: new RegExp(field) }, `${field}: ${String(value)}`);
    }
  }
  for (const [field, value] of [
    ['batchSize', 0],
    ['groupsPerBlock', 0],
    ['inputElements', [0]],
    ['inputElements', []],
    ['sampleBytes', 100],
    ['sampleBytes', 64],
    ['sharedBytes', 64],
    ['scalars', 0],
    ['metrics', 1],
    ['classes', 3],
    ['classes', 5],
    ['inputElements', [59]],
    ['inputElements', [59, 60]],
    ['groupsPerBlock', 2 ** 31],
    ['stores', [6]],
    ['stores', [6, 5]],
    ['stores', [5, 6]],
    ['stores', 6],
    ['stores', [6, Number.NaN]],
    ['isa', 'sse9'],
    ['isa', ''],
    ['element', 'int32'],
    ['element', 'uint8'],
    ['element', 'bfloat16'],
    ['element', 'float64'],
    ['finite', 1],
    ['finite', [-1]],
    ['finite', [10_000]],
  ] as const) {
    t.throws(() => load({ ...describeAny('train'), [field]: value }), { instanceOf: Error }, `${field}: ${value}`);
  }
  // What lies in lane groups is no gradient.
  const description = describeAny('train');
  const ofSamples = description.buffers.findIndex(({ space }) => space === 'sample');
  t.throws(() => load({ ...description, finite: [ofSamples] }), { message: /finite, received buffer/ });
});

test('operands that the operator does not know are buffers too', (t) => {
  for (const index of [-1, 2 ** 40]) {
    const description = describeAny('train');
    for (const call of description.calls) call.operands = { ...call.operands, unknown: index };
    t.throws(() => load(description), { message: /expected a buffer index below \d+ for unknown, received/ });
  }
});

/** A good description of each mode, and one whose change is rejected for every place it is made at. */
function rejectsEach<P>(
  assertThrows: (run: () => unknown, name: string) => void,
  placesOf: (description: LooseDescription) => P[],
  change: (description: LooseDescription, place: P) => string,
): number {
  let count = 0;
  for (const mode of MODES) {
    for (const place of placesOf(describeAny(mode))) {
      const description = describeAny(mode);
      const name = change(description, place);
      assertThrows(() => load(description), `${mode}: ${name}`);
      count++;
    }
  }
  return count;
}

test('rejects every buffer that reaches out of its memory, or is no buffer', (t) => {
  const ofArena: object[] = [
    { offset: -64 },
    { offset: 32 },
    { offset: 2 ** 40 },
    { offset: 0.5 },
    { elements: 2 ** 40 },
  ];
  for (const change of [
    ...ofArena,
    { elements: -1 },
    { elements: 2 ** 44 },
    { elements: 0.5 },
    { elements: Number.NaN },
    { space: 'heap' },
    { space: 1 },
    { element: 'float64' },
    { element: 'int32' },
    { element: 'x' },
    { store: 7, offset: -1 },
    { store: -1, offset: -1 },
    { slot: 1000, offset: -1 },
    { slot: Number.NaN, offset: -1 },
  ]) {
    const places = (d: LooseDescription) => d.buffers.map((_, i) => i);
    rejectsEach(
      (run, name) => t.throws(run, { instanceOf: Error }, name),
      // Variables lie at no offset, and are as large as the store of a run.
      (d) => places(d).filter((i) => !ofArena.includes(change) || d.buffers[i]?.space !== 'variable'),
      (d, i) => {
        Object.assign(d.buffers[i] ?? {}, change);
        return `buffer ${i}: ${JSON.stringify(change)}`;
      },
    );
  }
});

test('rejects every operand that is missing, no buffer, too small or in the wrong place', (t) => {
  const operands = (d: LooseDescription) =>
    d.calls.flatMap(({ operands }, call) => Object.keys(operands).map((name) => ({ call, name })));
  const changes: Record<string, (d: LooseDescription, own: Record<string, unknown>, name: string) => void> = {
    'a negative index': (_d, own, name) => Object.assign(own, { [name]: -1 }),
    'an index beyond': (d, own, name) => Object.assign(own, { [name]: d.buffers.length }),
    'no number': (_d, own, name) => Object.assign(own, { [name]: 'y' }),
    'not a number': (_d, own, name) => Object.assign(own, { [name]: Number.NaN }),
    'half an index': (_d, own, name) => Object.assign(own, { [name]: 0.5 }),
    'one element less': (d, own, name) => {
      const buffer = d.buffers[own[name] as number];
      own[name] = d.buffers.push({ ...buffer, elements: (buffer?.elements as number) - 1 } as never) - 1;
    },
    'another element type': (d, own, name) => {
      const buffer = d.buffers[own[name] as number];
      own[name] = d.buffers.push({ ...buffer, element: 'uint8' } as never) - 1;
    },
    'another space': (d, own, name) => {
      const buffer = d.buffers[own[name] as number];
      const space = buffer?.space === 'sample' ? 'shared' : 'sample';
      d.sampleBytes = d.sharedBytes = 2 ** 20;
      own[name] = d.buffers.push({ ...buffer, space, offset: 0 } as never) - 1;
    },
  };
  for (const [title, change] of Object.entries(changes)) {
    const count = rejectsEach(
      (run, name) => t.throws(run, { instanceOf: Error }, name),
      operands,
      (d, { call, name }) => {
        change(d, d.calls[call]?.operands ?? {}, name);
        return `${name} of ${d.calls[call]?.op}: ${title}`;
      },
    );
    t.true(count > 100);
  }
  // Bias, velocity and the loss's gradient may be left out, and nothing else.
  const optional = ['bias of convolution', 'bias of dense', 'v of sgd', 'dx of softmaxCrossEntropy'];
  rejectsEach(
    (run, name) => t.throws(run, { message: /expected an operand/ }, name),
    (d) => operands(d).filter(({ call, name }) => !optional.includes(`${name} of ${d.calls[call]?.op}`)),
    (d, { call, name }) => {
      delete d.calls[call]?.operands[name];
      return `no ${name} for ${d.calls[call]?.op}`;
    },
  );
});

test('rejects every attribute that is missing, of the wrong kind or out of range', (t) => {
  const attributes = (d: LooseDescription) =>
    d.calls.flatMap(({ attributes }, call) => Object.keys(attributes).map((name) => ({ call, name })));
  const set =
    (value: unknown) =>
    (d: LooseDescription, { call, name }: { call: number; name: string }) => {
      const { op, attributes } = d.calls[call] as LooseDescription['calls'][number];
      const isList = Array.isArray(attributes[name]) && typeof value === 'number';
      attributes[name] = isList ? (attributes[name] as number[]).map(() => value) : value;
      return `${name} of ${op}: ${String(value)}`;
    };
  const counts = (d: LooseDescription) =>
    attributes(d).filter(({ name }) => !FREE_ATTRIBUTES.includes(name) && name !== 'activation');
  const throws = (run: () => unknown, name: string) => t.throws(run, { instanceOf: Error }, name);
  for (const value of NO_COUNTS) rejectsEach(throws, counts, set(value));
  for (const value of [...NO_NUMBERS, 'x', [], [1, 2, 3, 4, 5]]) rejectsEach(throws, attributes, set(value));
  const missing = rejectsEach(throws, attributes, (d, { call, name }) => {
    delete d.calls[call]?.attributes[name];
    return `no ${name} for ${d.calls[call]?.op}`;
  });
  t.true(missing > 100);
});

test('rejects parameters of activations below 0, and gradients from the wrong operand', (t) => {
  const named = (d: LooseDescription, op: string, activation: string) =>
    d.calls.find(
      (call) => call.op === op && call.attributes.activation === activation,
    ) as LooseDescription['calls'][number];
  for (const parameter of [-0.1, Number.NaN, Infinity, -Infinity]) {
    const description = describeAny('train');
    named(description, 'activation', 'leakyRelu').attributes.parameter = parameter;
    t.throws(() => load(description), { message: /activation: expected a number of at least 0 for parameter/ });
  }
  for (const [activation, known] of [
    ['gelu', 'x'],
    ['leakyRelu', 'y'],
  ] as const) {
    const description = describeAny('train');
    const { operands } = named(description, 'activationGradient', activation);
    operands[known === 'x' ? 'y' : 'x'] = operands[known];
    delete operands[known];
    t.throws(() => load(description), { message: new RegExp(`activationGradient: expected an operand ${known}`) });
  }
});

test('rejects operators and phases that are none, and phases out of order', (t) => {
  const calls = (d: LooseDescription) => d.calls.map((_, i) => i);
  const throws = (run: () => unknown, name: string) => t.throws(run, { instanceOf: Error }, name);
  for (const change of [
    { op: 'launch' },
    { op: '' },
    { op: 1 },
    { phase: 'later' },
    { phase: 0 },
    { operands: null },
  ]) {
    rejectsEach(throws, calls, (d, i) => {
      Object.assign(d.calls[i] ?? {}, change);
      return `call ${i}: ${JSON.stringify(change)}`;
    });
  }
  for (const nothing of [null, undefined, 1, 'gather', []]) {
    const description = describeAny('predict');
    description.calls[0] = nothing as never;
    throws(() => load(description), String(nothing));
  }
  t.throws(() => load({ ...describeAny('train'), calls: describeAny('train').calls.reverse() }), { message: /order/ });
});

test('rejects a convolution of more positions and taps than can be planned, at once', (t) => {
  const description = describeAny('predict');
  const convolution = description.calls.find(({ op }) => op === 'convolution');
  Object.assign(convolution?.attributes ?? {}, { kernelSize: [2 ** 20, 1], outputShape: [2 ** 20, 1] });
  const started = threadTime();
  t.throws(() => load(description), { message: /convolution/ });
  t.true(threadTime() - started < 1000);
});

test('rejects pooling windows that begin outside the image, however large the buffers are', (t) => {
  const changed = (changes: Record<string, number>) => {
    const description = describeAny('predict');
    makeRoom(description);
    Object.assign(description.calls.find(({ op }) => op === 'maxPooling')?.attributes ?? {}, changes);
    return description;
  };
  const attributes = describeAny('predict').calls.find(({ op }) => op === 'maxPooling')?.attributes ?? {};
  const { outputHeight, outputWidth, poolHeight, poolWidth } = attributes as Record<string, number>;
  t.notThrows(() => load(changed({})));
  for (const changes of [
    { outputHeight: (outputHeight ?? 0) + 1 },
    { outputWidth: (outputWidth ?? 0) + 2 },
    { strideHeight: 100 },
    { strideWidth: 2 ** 31 },
    { padTop: poolHeight ?? 0 },
    { padLeft: poolWidth ?? 0 },
  ]) {
    t.throws(() => load(changed(changes)), { message: /maxPooling/ }, JSON.stringify(changes));
  }
});

test('rejects slices that together are beyond any memory, whatever their product overflows to', (t) => {
  const description = { ...describeAny('predict'), samplesPerGroup: 1, batchSize: 2 ** 18, sampleBytes: 2 ** 46 };
  t.throws(() => load(description), { message: /expected slices that fit in memory/ });
});

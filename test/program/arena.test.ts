import test from 'ava';
import { layers, optimizers } from 'cnnative';
import type { Mode } from '#lib/program/compile.js';
import { ALIGNMENT, type ProgramDescription } from '#lib/program/description.js';
import { TestNetwork } from '../helpers/test-network.js';

/** Operators that work on the whole batch or on parameters. Those of all others run group by group, in one stretch. */
const TEAM_OPERATORS = ['packWeights', 'reduceBlocks', 'sumSamples', 'denseWeightGradient', 'sgd'];
const MODES: readonly Mode[] = ['train', 'gradients', 'evaluate', 'predict'];

const convolutional = new TestNetwork(
  [2, 9, 8],
  [
    layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', activation: 'relu' }),
    layers.maxPooling2d(),
    layers.activation({ activation: 'tanh' }),
    layers.conv2d({ filters: 7, kernelSize: 2, useBias: false }),
    layers.flatten(),
    layers.dense({ units: 12, activation: 'softmax' }),
    layers.dense({ units: 4, activation: 'softmax' }),
  ],
);
const single = new TestNetwork([33], [layers.dense({ units: 3 })]);
const bare = new TestNetwork([4], [layers.activation({ activation: 'sigmoid' })]);

const programs = [convolutional, single, bare].flatMap((network, i) =>
  MODES.flatMap((mode) =>
    [5, 40, 1200].map((batch) => ({
      name: `${mode} of network ${i}, batch ${batch}`,
      description: network.description(mode, batch, { optimizer: optimizers.sgd({ momentum: 0.5 }) }),
    })),
  ),
);

/** The first and last call at which a buffer's content matters. */
function lifetimes({ calls, buffers }: ProgramDescription): [number, number][] {
  const isTeam = calls.map(({ op }) => TEAM_OPERATORS.includes(op));
  // Groups take turns with the calls of a stretch, so in shared memory its calls all happen at once.
  const stretchOf = (call: number): [number, number] => {
    let [first, last] = [call, call];
    while (!isTeam[call] && first > 0 && !isTeam[first - 1]) first--;
    while (!isTeam[call] && last + 1 < calls.length && !isTeam[last + 1]) last++;
    return [first, last];
  };
  return buffers.map(({ space }, buffer) => {
    const uses = calls.flatMap(({ operands }, call) => (Object.values(operands).includes(buffer) ? [call] : []));
    const spans = uses.map((call) => (space === 'shared' ? stretchOf(call) : [call, call]));
    const preparedOnce = uses.some((call) => calls[call]?.phase === 'prepare');
    return [Math.min(...spans.flat()), preparedOnce ? calls.length : Math.max(...spans.flat())];
  });
}

test('buffers of a program that are in use together never share memory', (t) => {
  for (const { name, description } of programs) {
    const { buffers } = description;
    const lives = lifetimes(description);
    const places = buffers.map((buffer) => {
      if (buffer.space === 'variable') return undefined;
      const room = buffer.space === 'sample' ? description.sampleBytes : description.sharedBytes;
      const end = buffer.offset + buffer.elements * 4;
      t.true(buffer.offset % ALIGNMENT === 0 && end <= room, name);
      return { space: buffer.space, start: buffer.offset, end };
    });
    places.forEach((a, i) => {
      places.slice(0, i).forEach((b, j) => {
        if (!a || !b || a.space !== b.space || a.end <= b.start || b.end <= a.start) return;
        const [mine, other] = [lives[i], lives[j]] as [[number, number], [number, number]];
        t.true(mine[1] < other[0] || other[1] < mine[0], `${name}: buffers ${j} and ${i}`);
      });
    });
  }
});

test('a program reads nothing that no call before has made', (t) => {
  const results = ['y', 'dx', 'dw', 'db', 'packed', 'loss', 'correct'];
  for (const { name, description } of programs) {
    const { buffers, calls } = description;
    const made = new Set<number>();
    for (const { op, operands } of calls) {
      for (const [operand, buffer] of Object.entries(operands)) {
        const isResult = op.endsWith('Gradient')
          ? operand !== 'y' && results.includes(operand)
          : results.includes(operand);
        const isThere = isResult || made.has(buffer) || buffers[buffer]?.space === 'variable';
        t.true(isThere, `${name}: ${operand} of ${op}`);
        if (isResult) made.add(buffer);
      }
    }
  }
});

test('a program computes nothing that nobody reads', (t) => {
  for (const { name, description } of programs) {
    const { buffers, calls } = description;
    buffers.forEach((buffer, index) => {
      const users = calls.filter(({ operands }) => Object.values(operands).includes(index));
      const isUsed = users.length > 1 || buffer.space === 'variable';
      t.true(isUsed, `${name}: buffer ${index} of ${users[0]?.op}`);
    });
  }
});

test('training leaves the gradient of the input out', (t) => {
  const operators = (mode: Mode) => convolutional.description(mode, 8, { optimizer: optimizers.sgd() }).calls;
  const count = (mode: Mode) => operators(mode).filter(({ op }) => op === 'convolutionDataGradient').length;
  t.deepEqual([count('train'), count('gradients')], [1, 2]);
});

test('a softmax before the loss is no call of its own, but is one in predictions', (t) => {
  const softmaxes = (mode: Mode) =>
    convolutional.description(mode, 8, { optimizer: optimizers.sgd() }).calls.filter(({ op }) => op === 'softmax')
      .length;
  t.deepEqual([softmaxes('train'), softmaxes('evaluate'), softmaxes('predict')], [1, 1, 2]);
});

test('partial sums are at most 32, whatever the batch', (t) => {
  for (const batch of [1, 16, 17, 512, 513, 1200, 100_000]) {
    const { groupsPerBlock } = single.description('evaluate', batch);
    const groups = Math.ceil(batch / 16);
    t.true(Math.ceil(groups / groupsPerBlock) <= 32);
    t.is(groupsPerBlock, Math.max(1, Math.ceil(groups / 32)));
  }
});

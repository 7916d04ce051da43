import test from 'ava';
import { input, type Model, model, optimizers } from 'cnnative';
import { workloads } from '#lib/bench/workloads/index.js';
import { isEmulated, isWatched } from '../helpers/child.js';
import { isas } from '../helpers/isas.js';
import { noise } from '../helpers/small.js';
import { trained } from '../helpers/trained.js';

type Name = keyof typeof workloads;

/** Networks that end in a global mean take images of any size, and are trained on small ones in a fraction of the time. */
const SIDES: Partial<Record<Name, number>> = { resnet20: 24, vggbn: 16, separable: 24 };
const SMALLER: Partial<Record<Name, number>> = { resnet20: 8, separable: 8 };

interface Case {
  readonly name: Name;
  readonly batchSize: number;
  /** Of the data set: two batches, the second of which may be smaller. */
  readonly size: number;
  readonly epochs: number;
  /** Beside a single one. */
  readonly threads: readonly number[];
  readonly side?: number | undefined;
}

/** Three lane groups, the last one in part, and in every second step two. */
const odd = (name: Name, side = SIDES[name], epochs = 10): Case => {
  return { name, batchSize: 40, size: 63, epochs, threads: [2, 3, 4], side };
};
/** Four whole lane groups. */
const even = (name: Name): Case => {
  return { name, batchSize: 64, size: 128, epochs: 2, threads: [2, 4], side: SIDES[name] };
};
/** More lane groups than partial sums: each covers two. */
const large = (name: Name): Case => ({ name, batchSize: 600, size: 1187, epochs: 3, threads: [2, 3, 4] });

const names = Object.keys(workloads) as Name[];

function makeModel(name: Name, shape: readonly number[]): Model {
  const image = input({ shape });
  const made = model({ inputs: image, outputs: workloads[name].build(image), seed: 5 });
  const optimizer = optimizers.sgd({ learningRate: 0.01, momentum: 0.9 });
  made.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  return made;
}

for (const [i, isa] of isas.entries()) {
  // The best instruction set trains all networks, the others those that differ most, scalar kernels for a few steps.
  const small = (['lenet5', 'resnet20', 'separable'] as const).map((name) =>
    odd(name, SMALLER[name], isa === 'scalar' ? 2 : 10),
  );
  const cases = i === 0 ? [...names.map((name) => odd(name)), ...names.map(even), large('oneconv')] : small;
  for (const { name, batchSize, size, threads, side, ...rest } of cases) {
    const epochs = isWatched || isEmulated ? 1 : rest.epochs;
    // One after another: runs that take turns would change the number of threads at each turn, which takes longer than they do.
    test.serial(
      `${isa} training ${name} has the same bits for any number of threads, batch ${batchSize}`,
      async (t) => {
        const { inputShape } = workloads[name];
        const shape = side === undefined ? inputShape : [inputShape[0] ?? 0, side, side];
        const data = noise(size, shape, 10);
        const options = { epochs, batchSize, isa };
        const expected = await trained(makeModel(name, shape), data, { ...options, threads: 1 });
        t.is(expected.losses.length, 2 * epochs);
        t.true(expected.losses.every(Number.isFinite));
        for (const count of threads) {
          const actual = await trained(makeModel(name, shape), data, { ...options, threads: count });
          t.deepEqual(actual, expected, `${count} threads`);
        }
      },
    );
  }
}

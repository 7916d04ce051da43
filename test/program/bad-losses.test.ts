import test from 'ava';
import { type Loss, layers, losses, optimizers } from 'cnnative';
import { native, type RunInputs } from '#lib/native.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { inOrder } from '#lib/util/permutation.js';
import { type LooseDescription, load } from '../helpers/native-program.js';
import { TestNetwork } from '../helpers/test-network.js';

const OPS = ['gatherTargets', 'oneHot', 'scaleTargets', 'elementwiseLoss', 'crossEntropy', 'correctAnswers'];
const network = new TestNetwork([4], [layers.dense({ units: 3 })]);
const optimizer = optimizers.sgd();
const all: readonly Loss[] = [
  losses.huber(),
  losses.klDivergence(),
  losses.categoricalCrossentropy({ fromLogits: false, labelSmoothing: 0.1 }),
  losses.sparseCategoricalCrossentropy({ classWeights: [1, 2, 3] }),
];

const describe = (loss: Loss, mode: 'train' | 'assess' = 'train') =>
  structuredClone(network.description(mode, 20, { optimizer, loss })) as unknown as LooseDescription;

/** Loads a description with a change at each of the places that are of losses. */
function rejectsEach(
  t: { throws: (run: () => unknown, expectation: object, name: string) => unknown; true: (value: boolean) => unknown },
  kind: 'operands' | 'attributes',
  change: (own: Record<string, unknown>, name: string, description: LooseDescription) => void,
  except: readonly string[] = [],
): void {
  let tried = 0;
  for (const loss of all) {
    describe(loss).calls.forEach((call, i) => {
      if (!OPS.includes(call.op as string)) return;
      for (const name of Object.keys(call[kind])) {
        if (except.includes(name)) continue;
        const description = describe(loss);
        change(description.calls[i]?.[kind] as Record<string, unknown>, name, description);
        t.throws(() => load(description), { instanceOf: Error }, `${name} of ${call.op} for ${loss.name}`);
        tried++;
      }
    });
  }
  t.true(tried >= 12);
}

test('every call of a loss needs its operands, large enough and in the samples', (t) => {
  // Without dx, no gradient is made.
  rejectsEach(t, 'operands', (own, name) => delete own[name], ['dx']);
  rejectsEach(t, 'operands', (own, name) => Object.assign(own, { [name]: -1 }));
  const replaced = (changes: object) => (own: Record<string, unknown>, name: string, d: LooseDescription) => {
    const buffer = d.buffers[own[name] as number];
    own[name] = d.buffers.push({ ...buffer, ...changes } as never) - 1;
  };
  rejectsEach(t, 'operands', replaced({ elements: 15 }));
  rejectsEach(t, 'operands', replaced({ element: 'float64', elements: 0 }));
  rejectsEach(t, 'operands', (own, name, d) => {
    d.sharedBytes = 2 ** 20;
    replaced({ space: 'shared', offset: 0 })(own, name, d);
  });
});

test('every call of a loss needs its attributes', (t) => {
  rejectsEach(t, 'attributes', (own, name) => delete own[name]);
  for (const value of [null, {}, [], [1, 2, 3, 4]]) {
    rejectsEach(t, 'attributes', (own, name) => Object.assign(own, { [name]: value }));
  }
  // Any number will do for these.
  const free = ['scale', 'shift', 'delta', 'ofX', 'ofT'];
  for (const value of [Number.NaN, -1, 0.5, 2 ** 53, 'x']) {
    rejectsEach(
      t,
      'attributes',
      (own, name) => Object.assign(own, { [name]: value }),
      typeof value === 'string' ? [] : free,
    );
  }
  for (const loss of all) {
    const { targetElements, classes } = describe(loss) as { targetElements: number; classes: number };
    t.deepEqual([targetElements, classes], loss.reads === 'targets' ? [3, 0] : [0, 3]);
    for (const change of [{ targetElements: targetElements - 1 }, { targetElements: 0.5 }, { classes: classes - 1 }]) {
      if (loss.reads === 'labels' && 'targetElements' in change && change.targetElements === -1) continue;
      if (loss.reads === 'targets' && 'classes' in change) continue;
      t.throws(() => load({ ...describe(loss), ...change }), { instanceOf: Error });
    }
  }
});

test('a run refuses a dataset without the targets its program reads', async (t) => {
  const samples = { samples: new Float32Array(40 * 4), features: 4 };
  const inputs = (dataset: RunInputs['dataset']): RunInputs => ({
    ...{ stores: [network.variables('float32')], dataset, order: inOrder(40), batchSize: 20 },
    ...{ scalars: new Float64Array(0), threads: 1 },
  });
  const program = load(describe(losses.huber(), 'assess'));
  const run = (dataset: RunInputs['dataset']) => new ProgramRun({ native: program }, inputs(dataset));
  const targets = (features: number) => ({ samples: new Float32Array(40 * features), features });
  t.throws(() => run(new native.Dataset([samples], new Int32Array(40))), {
    message: /targets of 3 elements.*received 0/,
  });
  t.throws(() => run(new native.Dataset([samples], null, targets(2))), {
    message: /targets of 3 elements.*received 2/,
  });
  const done = await run(new native.Dataset([samples], null, targets(3), new Float64Array(40))).finished();
  t.is(done.output().length, 40 * 4);
});

test('targets and weights are checked when they are copied', (t) => {
  const part = { samples: new Float32Array(12), features: 4 };
  const make = (targets: unknown, weights?: unknown) => () =>
    new native.Dataset([part], null, targets as never, weights as never);
  const floats = new Float32Array(6);
  for (const targets of [
    1,
    'x',
    [],
    {},
    { samples: floats },
    { samples: floats, features: 0 },
    { samples: floats, features: -2 },
    { samples: floats, features: 1 },
    { samples: floats, features: 4 },
    { samples: floats, features: 1.5 },
    { samples: new Uint8Array(6), features: 2 },
    { samples: new Int32Array(6), features: 2 },
    { samples: [1, 2, 3, 4, 5, 6], features: 2 },
  ]) {
    t.throws(make(targets), { instanceOf: TypeError }, JSON.stringify(targets));
  }
  for (const weights of [1, 'x', [1, 2, 3], new Float32Array(2), new Int32Array(3), new Uint8Array(3), {}]) {
    t.throws(make(null, weights), { instanceOf: TypeError }, JSON.stringify(weights));
  }
  t.notThrows(make({ samples: floats, features: 2 }, new Float64Array(3)));
  t.notThrows(make(undefined, null));
});

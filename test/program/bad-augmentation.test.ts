import test from 'ava';
import { augmentations, type Loss, layers, losses, optimizers } from 'cnnative';
import { native, type RunInputs } from '#lib/native.js';
import { describeProgram } from '#lib/program/describe-program.js';
import { type LooseDescription, load } from '../helpers/native-program.js';
import { TestNetwork } from '../helpers/test-network.js';

const OPS = ['augmentedGather', 'mixedLabels', 'mixedTargets'];
const network = new TestNetwork([3, 4, 5], [layers.flatten(), layers.dense({ units: 3 })]);
const all: readonly Loss[] = [losses.sparseCategoricalCrossentropy(), losses.categoricalCrossentropy()];
const augment = [
  augmentations.randomCrop({ padding: 2, mode: 'reflect' }),
  augmentations.rotation({ degrees: 5 }),
  augmentations.shift({ pixels: 2 }),
  augmentations.scale({ factor: [0.5, 2] }),
  augmentations.saturation({ factor: [0, 2] }),
  augmentations.randomErasing({ size: [1, 3] }),
  augmentations.cutmix(),
];

const describe = (loss: Loss): LooseDescription => {
  const transforms = [{ channels: 3, scale: [1, 1, 1], shift: [0, 0, 0] }];
  const options = { mode: 'train', batchSize: 20, element: 'float32', isa: 'scalar', transforms, augment } as const;
  return structuredClone(describeProgram(network.network, { ...options, loss, optimizer: optimizers.sgd() })) as never;
};
const callsOf = (description: LooseDescription) => description.calls.filter(({ op }) => OPS.includes(op as string));

test('programs that augment are sound as they are', (t) => {
  for (const loss of all) {
    t.notThrows(() => load(describe(loss)));
    t.is(callsOf(describe(loss)).length, 2);
  }
});

test('attributes that are missing or no numbers are rejected', (t) => {
  for (const loss of all) {
    callsOf(describe(loss)).forEach((call, i) => {
      for (const name of Object.keys(call.attributes)) {
        for (const value of [undefined, Number.NaN, [Number.NaN], -1, 'x', []]) {
          const description = describe(loss);
          const attributes = callsOf(description)[i]?.attributes as Record<string, unknown>;
          if (value === undefined) delete attributes[name];
          else attributes[name] = value;
          t.throws(() => load(description), { instanceOf: Error }, `${name} of ${call.op}: ${value}`);
        }
      }
    });
  }
});

test('steps that lead out of the image are rejected', (t) => {
  // Place of the step, place of the number in it, and a value that does not fit.
  const wrong = [
    [0, 0, 12],
    [0, 0, 0.5],
    [0, 1, -1],
    [0, 2, 2 ** 24 + 1],
    [0, 3, 3],
    [0, 4, 4],
    [0, 5, 5],
    [0, 4, 0.5],
    [0, 6, 2],
    [1, 4, Number.POSITIVE_INFINITY],
    [2, 4, 5],
    [2, 5, 6],
    [3, 4, 0],
    [3, 5, 0.1],
    [4, 4, 3],
    [5, 4, 0],
    [5, 5, 5],
    [5, 4, 1.5],
    [6, 4, 0],
    [6, 4, Number.NaN],
    [5, 0, 10],
  ] as const;
  for (const loss of all) {
    for (const call of [0, 1]) {
      for (const [step, number, value] of wrong) {
        const description = describe(loss);
        const attributes = callsOf(description)[call]?.attributes as { steps: number[] };
        attributes.steps[7 * step + number] = value;
        t.throws(() => load(description), { instanceOf: Error }, `${step} ${number} ${value}`);
      }
    }
  }
});

test('bytes that are none are rejected', (t) => {
  const description = describe(all[0] as Loss);
  (callsOf(description)[0]?.attributes.fillBytes as number[])[2] = 256;
  t.throws(() => load(description), { message: /fill from 0 to 255, received 256/ });
});

test('a pool of samples that are not there is rejected', (t) => {
  const description = describe(all[0] as Loss);
  const store = () => new native.Variables('float32', [60 * 3, 3]);
  const inputs: RunInputs = {
    stores: [store(), new native.Variables('float32', [])],
    dataset: new native.Dataset([{ samples: new Uint8Array(120), features: 60 }], Int32Array.of(0, 1)),
    ...{ order: Int32Array.of(0, 1), batchSize: 2, scalars: Float64Array.of(0.1), threads: 1 },
  };
  for (const pool of [Int32Array.of(2), Int32Array.of(0, -1), [0] as never]) {
    const run = () => new native.Run(load(description), { ...inputs, pool }, () => undefined);
    t.throws(run, { message: /pool/ });
  }
});

import test from 'ava';
import {
  datasets,
  InvalidArgumentError,
  type LossName,
  layers,
  losses,
  optimizers,
  ShapeError,
  sequential,
} from 'cnnative';
import { blobs, type smallModel } from '../helpers/small.js';
import { modelFor } from '../helpers/target-models.js';

test('a dataset of the wrong kind is refused', async (t) => {
  const { images, labels } = blobs(6);
  const targets = new Float32Array(18);
  const set = (options: { targets?: Float32Array; targetShape?: number[] }) =>
    datasets.fromArrays({ images, labels, shape: [2], classes: 3, ...options });
  const softmax = { units: 3, activation: 'softmax' } as const;
  const onlyTargets = datasets.fromArrays({ images, shape: [2], targets, targetShape: [3] });
  const refused = async (
    loss: LossName,
    data: Parameters<ReturnType<typeof smallModel>['fit']>[0],
    pattern: RegExp,
  ) => {
    for (const call of ['fit', 'evaluate', 'losses'] as const) {
      const ending = loss === 'binaryCrossentropy' ? ({ units: 3 } as const) : softmax;
      const error = await t.throwsAsync<Error>(async () => modelFor(loss, ending)[call](data));
      t.true(error instanceof InvalidArgumentError || error instanceof ShapeError, `${loss} ${call}: ${error}`);
      t.regex(error?.message ?? '', pattern);
    }
  };
  await refused(
    'meanSquaredError',
    blobs(6),
    /expected a dataset with targets of shape \[3\] for the loss meanSquaredError.*labels alone.*targetShape/,
  );
  await refused(
    'sparseCategoricalCrossentropy',
    onlyTargets,
    /expected a dataset with labels.*targets alone.*categoricalCrossentropy/,
  );
  await refused('meanSquaredError', set({ targets: new Float32Array(12) }), /targets of shape \[3\].*received \[2\]/);
  await refused('meanSquaredError', set({ targets, targetShape: [3, 1, 1] }), /received \[3, 1, 1\]/);
  await refused(
    'meanSquaredError',
    { ...onlyTargets, targets: targets.subarray(3) },
    /3 targets for each of 6 samples, received 15/,
  );
  await refused('hinge', onlyTargets, /targets -1 or 1 for the loss hinge, received 0 at index 0/);
  await refused(
    'binaryCrossentropy',
    set({ targets: targets.map((_, i) => i - 4) }),
    /from 0 to 1.*received -4 at index 0/,
  );
  await refused('categoricalCrossentropy', set({ targets: targets.map((_, i) => i) }), /received 2 at index 2/);
  await refused('klDivergence', set({ targets: targets.map((_, i) => i) }), /received 2 at index 2/);
  await refused(
    'huber',
    { ...onlyTargets, targets: targets.map(() => Number.NaN) },
    /finite for the loss huber, received NaN/,
  );
  await refused('huber', { ...onlyTargets, weights: new Float32Array(5) }, /a weight for each of 6 samples/);
  await refused(
    'huber',
    { ...onlyTargets, weights: new Float32Array(6).fill(-1) },
    /weights from 0, received -1 at index 0/,
  );
  await refused('huber', { ...onlyTargets, targets: Array.from(targets) } as never, /expected a dataset/);
});

test('targets and weights that are none are refused', (t) => {
  const { images, labels } = blobs(6);
  const make = (options: object) => datasets.fromArrays({ images, shape: [2], labels, ...options } as never);
  for (const [options, pattern] of [
    [{ targets: new Float64Array(6) }, /Float32Array or an array of numbers for targets/],
    [{ targets: [1, 2, 3, 4, 5, '6'] }, /numbers in targets, received "6" at index 5/],
    [{ targets: [1, 2, 3, 4, 5, Number.NaN] }, /finite float32 values in targets, received NaN at index 5/],
    [{ targets: [1, 2, 3, 4, 5] }, /as many values for each of 6 samples for targets, received 5/],
    [{ targets: [] }, /as many values for each of 6 samples for targets, received 0/],
    [
      { targets: [1, 2, 3, 4, 5, 6], targetShape: [2] },
      /12 values \(6 samples of shape \[2\]\) for targets, received 6/,
    ],
    [{ targets: [1, 2, 3, 4, 5, 6], targetShape: [0] }, /positive integers for targetShape/],
    [{ targets: [1, 2, 3, 4, 5, 6], targetShape: [] }, /positive integers for targetShape/],
    [{ targetShape: [1] }, /targets beside targetShape/],
    [{ weights: [1, 2] }, /6 values \(one for each sample in images\) for weights, received 2/],
    [{ weights: [1, 2, 3, 4, 5, -6] }, /numbers from 0 in weights, received -6 at index 5/],
    [{ weights: [1, 2, 3, 4, 5, Number.POSITIVE_INFINITY] }, /finite float32 values in weights/],
    [{ weights: 3 }, /for weights, received 3/],
    [{ labels: undefined, targets: [1, 2, 3, 4, 5, 6], classes: 3 }, /labels beside classes/],
    [{ labels: undefined }, /for labels/],
  ] as const) {
    t.throws(() => make(options), { message: pattern });
  }
});

test('an option of a loss that is none is refused', (t) => {
  const bad = (make: () => unknown, pattern: RegExp) =>
    t.throws(make, { instanceOf: InvalidArgumentError, message: pattern });
  bad(() => losses.huber({ delta: 0 }), /^losses\.huber: expected a number from .* for delta, received 0/);
  bad(() => losses.huber({ delta: Number.NaN }), /delta/);
  bad(() => losses.hinge({ reduction: 'average' as never }), /'none', 'sum', 'mean' for reduction, received "average"/);
  bad(() => losses.hinge({ delta: 1 } as never), /only the options reduction, received "delta"/);
  bad(() => losses.binaryCrossentropy({ fromLogits: 1 as never }), /fromLogits/);
  bad(() => losses.binaryCrossentropy({ labelSmoothing: 1.5 }), /from 0 to 1 for labelSmoothing/);
  bad(() => losses.categoricalCrossentropy({ labelSmoothing: -0.1 }), /labelSmoothing/);
  for (const classWeights of [[], [1, -1], [1, Number.NaN], 3, new Array(2), ['1']]) {
    bad(() => losses.sparseCategoricalCrossentropy({ classWeights: classWeights as never }), /for classWeights/);
  }
  const loss = losses.categoricalCrossentropy({ classWeights: [1, 2] });
  bad(() => modelFor(loss, { units: 3 }), /^model\.compile: expected 3 numbers.*classWeights.*received 2/);
  bad(
    () => modelFor('mse' as never),
    /^model\.compile: expected one of 'binaryCrossentropy'.*for loss, received "mse"/,
  );
  bad(() => modelFor({ name: 'huber' } as never), /losses\.huber\(\{ delta: 2 \}\)/);
});

test('losses of classes need outputs that are classes', (t) => {
  const model = sequential({ inputShape: [1, 4, 4] }, [layers.conv2d({ filters: 3, kernelSize: 3 })]);
  for (const name of ['categoricalCrossentropy', 'sparseCategoricalCrossentropy', 'klDivergence'] as const) {
    t.throws(() => model.compile({ optimizer: optimizers.sgd(), loss: name }), {
      instanceOf: ShapeError,
      message: /outputs of shape \[classes\] for the loss .*received \[3, 2, 2\]/,
    });
  }
  model.compile({ optimizer: optimizers.sgd(), loss: 'meanSquaredError' });
});

test('one output is advised of what fits it, not of a target for each class', async (t) => {
  const model = modelFor('binaryCrossentropy', { units: 1, activation: 'sigmoid' });
  const { labels, ...rest } = blobs(12);
  await t.throwsAsync(model.fit({ ...rest, labels }), {
    instanceOf: InvalidArgumentError,
    message:
      /targets of shape \[1\] for the loss binaryCrossentropy, .*\{ targets, targetShape: \[1\] \}, 0 and 1 for two classes, or give the model an output for each/,
  });
  const targets = Float32Array.from(labels, (label) => (label === 1 ? 1 : 0));
  await t.notThrowsAsync(model.fit({ ...rest, labels, targets, targetShape: [1] }));
});

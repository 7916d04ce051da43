import test from 'ava';
import { datasets, InvalidArgumentError } from 'cnnative';
import { blobs } from '../helpers/small.js';
import { modelFor } from '../helpers/target-models.js';

test('a set has a target for each class beside its labels', async (t) => {
  const set = datasets.fromArrays({ images: new Uint8Array(6), labels: [2, 0, 1], shape: [2], classes: 4 });
  const { targets, targetShape, ...rest } = datasets.oneHot(set);
  t.deepEqual(rest, set);
  t.is(rest.images, set.images);
  t.deepEqual(targetShape, [4]);
  t.deepEqual([...targets], [0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
  t.deepEqual([...datasets.oneHot(set, { off: -1 }).targets], [-1, -1, 1, -1, 1, -1, -1, -1, -1, 1, -1, -1]);
});

test('classes can be learnt with hinge, one against all', async (t) => {
  const set = datasets.oneHot(blobs(90), { off: -1 });
  const model = modelFor('hinge', { units: 3, metrics: ['f1'] });
  await model.fit(set, { epochs: 20, batchSize: 16 });
  t.is((await model.evaluate(set)).f1, 1);
});

test('what has no labels is refused', (t) => {
  const set = blobs(4);
  for (const junk of [undefined, null, 3, [], {}, { ...set, labels: [0, 1, 2, 0] }, { ...set, classes: 0.5 }]) {
    t.throws(() => datasets.oneHot(junk as never), {
      instanceOf: InvalidArgumentError,
      message: /dataset with labels/,
    });
  }
  t.throws(() => datasets.oneHot({ ...set, classes: 2 }), { message: /labels from 0 to 1, received 2 at position 2/ });
  t.throws(() => datasets.oneHot(set, { off: Number.NaN }), { message: /for off/ });
  t.throws(() => datasets.oneHot(set, { on: 2 } as never), { message: /only the options off/ });
});

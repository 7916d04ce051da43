import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { datasets, type Loss, loadModel, losses, ModelFileError, metrics } from 'cnnative';
import { blobs } from '../helpers/small.js';
import { modelFor } from '../helpers/target-models.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const savedLoss = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')).compiled as { loss: unknown; metrics: unknown[] };

test('a loss with its options and metrics with theirs come back', async (t) => {
  const { images, labels } = blobs(20);
  const signs = (index: number) => (index % 2 === 0 ? 1 : -1);
  const all: readonly Loss[] = [
    losses.meanSquaredError({ reduction: 'sum' }),
    losses.halfSumOfSquares(),
    losses.meanAbsoluteError(),
    losses.huber({ delta: 0.25 }),
    losses.hinge(),
    losses.binaryCrossentropy({ fromLogits: false, labelSmoothing: 0.1 }),
    losses.categoricalCrossentropy({ classWeights: [1, 2, 3] }),
    losses.sparseCategoricalCrossentropy({ labelSmoothing: 0.3, fromLogits: false }),
    losses.klDivergence({ reduction: 'none' }),
  ];
  for (const loss of all) {
    const targets = Float32Array.from({ length: 60 }, (_, i) => (loss.name === 'hinge' ? signs(i) : (i % 7) / 7));
    const set = datasets.fromArrays({ images, labels, shape: [2], classes: 3, targets });
    const model = modelFor(loss, { units: 3, metrics: ['accuracy', metrics.topK({ k: 2 }), 'confusionMatrix'] });
    const folder = await temporaryFolder(t);
    await model.save(folder);
    const again = await loadModel(folder);
    t.deepEqual(await again.evaluate(set), await model.evaluate(set), loss.name);
    t.deepEqual(await again.losses(set), await model.losses(set), loss.name);
    t.deepEqual((await savedLoss(folder)).metrics, ['accuracy', { type: 'topK', k: 2 }, 'confusionMatrix']);
  }
});

test('a loss of defaults is saved by its name, as older readers know it', async (t) => {
  const folder = await temporaryFolder(t);
  await modelFor(losses.sparseCategoricalCrossentropy({ reduction: 'mean' }), { units: 3 }).save(folder);
  t.is((await savedLoss(folder)).loss, 'sparseCategoricalCrossentropy');
});

test('a saved loss or metric that is none is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const model = modelFor('huber');
  for (const [change, pattern] of [
    [{ loss: { type: 'huberLike' } }, /type of the loss/],
    [{ loss: { type: 'huber', delta: -1 } }, /delta/],
    [{ loss: 7 }, /loss/],
    [{ metrics: [{ type: 'topL' }] }, /type of the metric/],
    [{ metrics: [{ type: 'topK', k: 0 }] }, /at least 1 for k/],
    [{ metrics: 'accuracy' }, /array of names for metrics/],
  ] as const) {
    await model.save(folder);
    const path = join(folder, 'model.json');
    const description = JSON.parse(await readFile(path, 'utf8'));
    Object.assign(description.compiled, change);
    await writeFile(path, JSON.stringify(description));
    const error = await t.throwsAsync(loadModel(folder), { instanceOf: ModelFileError });
    t.regex(error?.message ?? '', pattern);
  }
});

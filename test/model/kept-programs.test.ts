import test from 'ava';
import { datasets, info } from 'cnnative';
import { Model } from '#lib/model/model.js';
import { blobs, smallModel } from '../helpers/small.js';

const { isa } = info();
const SIZES = Array.from({ length: 100 }, (_, i) => i + 1);

/** A model, and whether it still has the program it made first. */
function keeping() {
  const model = smallModel();
  const runtime = Model.runtimeOf(model);
  const first = runtime.program('predict', 16, isa);
  return { model, isKept: () => runtime.program('predict', 16, isa) === first };
}

test('a program is kept for its next use', (t) => {
  t.true(keeping().isKept());
});

test('plans of memory keep no programs', (t) => {
  const { model, isKept } = keeping();
  for (const batchSize of SIZES) model.summary({ batchSize });
  for (const batchSize of SIZES) model.summary({ batchSize, phase: 'infer' });
  t.true(isKept());
});

test('a refused batch keeps none of the programs it was compared with', async (t) => {
  const { model, isKept } = keeping();
  await t.throwsAsync(model.fit(blobs(100_000), { batchSize: 100_000, memoryLimit: '100kB' }), {
    message: /which fits/,
  });
  t.true(isKept());
});

test('evaluations of sets of many sizes keep a bounded number of programs', async (t) => {
  const { model, isKept } = keeping();
  const set = blobs(100);
  for (const size of SIZES) await model.evaluate(datasets.subset(set, { first: size }));
  t.false(isKept());
});

import test from 'ava';
import { InvalidArgumentError } from 'cnnative';
import { permutation } from '#lib/util/permutation.js';
import { blobs, smallModel } from '../helpers/small.js';
import { trained } from '../helpers/trained.js';

const frozen = () => smallModel({ sgd: { learningRate: 0 }, seed: 7 });

test('a dropped last batch leaves whole steps, and other samples out in each epoch', async (t) => {
  const set = blobs(43);
  const { losses: each } = await trained(frozen(), set, { batchSize: 1, shuffle: false });
  const { losses } = await trained(frozen(), set, { batchSize: 8, epochs: 2, lastBatch: 'drop' });
  t.is(losses.length, 10);
  losses.forEach((loss, step) => {
    const order = permutation(43, 7, Math.floor(step / 5));
    const batch = order.subarray((step % 5) * 8, (step % 5) * 8 + 8);
    const mean = batch.reduce((sum, sample) => sum + (each[sample] as number), 0) / 8;
    t.true(Math.abs(loss - mean) < 1e-6);
  });
  t.notDeepEqual(permutation(43, 7, 0).subarray(40), permutation(43, 7, 1).subarray(40));
});

test('a last batch is kept unless told otherwise, and whole ones always', async (t) => {
  t.is((await trained(frozen(), blobs(43), { batchSize: 8, lastBatch: 'keep' })).losses.length, 6);
  t.is((await trained(frozen(), blobs(40), { batchSize: 8, lastBatch: 'drop' })).losses.length, 5);
  const drawn = { batchSize: 8, sampling: 'replacement', lastBatch: 'drop' } as const;
  t.is((await trained(frozen(), blobs(43), drawn)).losses.length, 5);
});

test('a set that fills no step, or too many steps, are rejected', async (t) => {
  await t.throwsAsync(frozen().fit(blobs(5), { batchSize: 8, lastBatch: 'drop' }), {
    instanceOf: InvalidArgumentError,
    message: /at most 5 \(the samples of the set\) beside lastBatch: 'drop', received 8/,
  });
  await t.throwsAsync(frozen().fit(blobs(43), { batchSize: 8, lastBatch: 'drop', stepsPerEpoch: 6 }), {
    message: /at most 5 for stepsPerEpoch/,
  });
  await t.throwsAsync(frozen().fit(blobs(5), { lastBatch: 'skip' as 'drop' }), {
    message: /'keep', 'drop' for lastBatch/,
  });
});

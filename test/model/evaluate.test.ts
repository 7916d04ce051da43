import test from 'ava';
import { info, layers, optimizers, sequential } from 'cnnative';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';
import { blobs, smallModel } from '../helpers/small.js';
import { trained } from '../helpers/trained.js';

for (const isa of info().isas) {
  test(`evaluate gives the mean loss and accuracy of what predict gives on ${isa}`, async (t) => {
    const set = goldenSet(157);
    const model = lenet5();
    await model.fit(set, { batchSize: 32 });
    const { data } = await model.predict(set.images, { isa });
    let loss = 0;
    let correct = 0;
    set.labels.forEach((label, i) => {
      const row = data.subarray(i * 10, i * 10 + 10);
      loss -= Math.log(row[label] as number);
      if (row.indexOf(Math.max(...row)) === label) correct++;
    });
    const evaluated = await model.evaluate(set, { isa });
    t.true(Math.abs(evaluated.loss - loss / 157) < 1e-5 * (1 + evaluated.loss));
    t.is(evaluated.accuracy, correct / 157);
  });
}

test('evaluate weighs every sample alike, whatever the batch size', async (t) => {
  const set = goldenSet(100);
  const model = lenet5();
  await model.fit(set, { batchSize: 10 });
  const whole = await model.evaluate(set, { batchSize: 100 });
  for (const batchSize of [1, 3, 16, 64, 99, 256, 2 ** 31]) {
    const { loss, accuracy } = await model.evaluate(set, { batchSize });
    t.is(accuracy, whole.accuracy);
    t.true(Math.abs(loss - whole.loss) < 1e-6, `batch ${batchSize}`);
  }
});

test('evaluate changes nothing', async (t) => {
  const model = smallModel({ sgd: { momentum: 0.9 } });
  const other = smallModel({ sgd: { momentum: 0.9 } });
  await model.fit(blobs(40));
  await other.fit(blobs(40));
  await model.evaluate(blobs(99, 1));
  await model.predict(blobs(99, 1).images);
  t.deepEqual(await trained(model, blobs(40)), await trained(other, blobs(40)));
});

test('a model with and without a softmax at the end trains alike, to the bit', async (t) => {
  const probabilities = smallModel({ softmax: true });
  const logits = smallModel({ softmax: false });
  t.deepEqual(await trained(probabilities, blobs(50)), await trained(logits, blobs(50)));
  t.deepEqual(await probabilities.evaluate(blobs(50)), await logits.evaluate(blobs(50)));
});

test('a softmax of its own at the end is part of the loss too', async (t) => {
  const model = sequential({ inputShape: [2], seed: 1 }, [
    layers.dense({ units: 8, activation: 'tanh' }),
    layers.dense({ units: 3 }),
    layers.activation({ activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: 'sparseCategoricalCrossentropy' });
  t.deepEqual(await trained(model, blobs(50)), await trained(smallModel(), blobs(50)));
});

test('a confident and wrong softmax has a finite loss', async (t) => {
  const model = sequential({ inputShape: [2] }, [layers.dense({ units: 3, activation: 'softmax' })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  // Logits of about -2000, 2000 and 0: the probability of class 0 is zero in any float, its loss 4000.
  const kernel = Float32Array.of(-1000, 0, 1000, 0, 0, 0);
  await model.setWeights({ 'dense/kernel': kernel, 'dense/bias': new Float32Array(3) });
  const one = { ...blobs(1), images: Float32Array.of(2, 0) };
  for (const isa of info().isas) t.is((await model.evaluate(one, { isa })).loss, 4000);
});

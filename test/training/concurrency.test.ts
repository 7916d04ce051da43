import test from 'ava';
import { layers, optimizers, sequential, TrainingError } from 'cnnative';
import { attempts } from '../helpers/attempts.js';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';
import { repeated } from '../helpers/repeated.js';
import { blobs, smallModel } from '../helpers/small.js';
import { fingerprint, trained } from '../helpers/trained.js';

const set = goldenSet(256);

test('two models training at once get the bits they get alone', async (t) => {
  const options = { epochs: 3, batchSize: 48 };
  const alone = [await trained(lenet5({ seed: 1 }), set, options), await trained(lenet5({ seed: 2 }), set, options)];
  const together = [trained(lenet5({ seed: 1 }), set, options), trained(lenet5({ seed: 2 }), set, options)];
  t.deepEqual(await Promise.all(together), alone);
});

test('models training at once with different threads and instruction sets get the bits they get alone', async (t) => {
  const options = [{ threads: 1 }, { threads: 3 }, { threads: 2, isa: 'scalar' as const }];
  const alone = [];
  for (const each of options) alone.push(await trained(lenet5(), set, { ...each, batchSize: 48 }));
  t.deepEqual(alone[0], alone[1]);
  t.deepEqual(await Promise.all(options.map((each) => trained(lenet5(), set, { ...each, batchSize: 48 }))), alone);
});

test('evaluation, prediction and weights during a fit are done before it ends', async (t) => {
  const model = lenet5();
  const order: string[] = [];
  const controller = new AbortController();
  const fit = model.fit(set, { epochs: 1_000_000, signal: controller.signal }).catch(() => order.push('fit'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const work = [
    model.evaluate(set).then(({ loss }) => Number.isFinite(loss) && order.push('evaluate')),
    model.predict(set.images).then(({ data }) => data.every(Number.isFinite) && order.push('predict')),
    model.getWeights().then(() => order.push('getWeights')),
  ];
  await Promise.all(work);
  t.is(order.length, 3);
  controller.abort();
  await fit;
  t.is(order.at(-1), 'fit');
});

test('what is read during a fit belongs to one whole step', async (t) => {
  const batch = goldenSet(32);
  const STEPS = 50;
  const stepByStep = lenet5();
  const look = async () => (await stepByStep.evaluate(batch)).loss;
  const states = [await fingerprint(stepByStep)];
  const losses = [await look()];
  for (let step = 0; step < STEPS; step++) {
    await stepByStep.fit(batch, { batchSize: 32, shuffle: false });
    states.push(await fingerprint(stepByStep));
    losses.push(await look());
  }
  // The same batch again and again in one run: weights and losses read meanwhile must be among those seen above.
  const trainAndLook = async () => {
    const model = lenet5();
    let training = true;
    const fit = model.fit(repeated(batch, STEPS), { batchSize: 32, shuffle: false }).finally(() => {
      training = false;
    });
    const seen: number[] = [];
    while (training) {
      const [state, { loss }] = await Promise.all([fingerprint(model), model.evaluate(batch)]);
      t.true(states.includes(state), 'weights of no step');
      t.true(losses.includes(loss), 'loss of no step');
      seen.push(states.indexOf(state));
      await new Promise((resolve) => setTimeout(resolve, 5)); // or a busy machine does nothing but look
    }
    await fit;
    t.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
    t.is(await fingerprint(model), states[STEPS] ?? '');
    return new Set(seen).size > 1 || undefined;
  };
  // It may be over before we have looked twice.
  t.true(await attempts(20, trainAndLook));
});

test('evaluations beside each other give what they give alone', async (t) => {
  const model = lenet5();
  const sizes = [1, 50, 100, 256];
  const parts = sizes.map((size) => goldenSet(size));
  const alone = [];
  for (const part of parts) alone.push(await model.evaluate(part));
  t.deepEqual(await Promise.all(parts.map((part) => model.evaluate(part))), alone);
});

test('weights written during a fit are those it goes on with', async (t) => {
  const model = smallModel({ sgd: { learningRate: 0 } });
  const controller = new AbortController();
  const fit = model.fit(blobs(60), { epochs: 1_000_000, signal: controller.signal });
  const bias = Float32Array.of(1, 2, 3);
  await model.setWeights({ 'dense_1/bias': bias });
  await new Promise((resolve) => setTimeout(resolve, 10));
  t.deepEqual((await model.getWeights())['dense_1/bias']?.data, bias);
  controller.abort();
  await t.throwsAsync(fit, { name: 'AbortError', any: true });
  t.deepEqual((await model.getWeights())['dense_1/bias']?.data, bias);
});

test('a model in training refuses a second fit and another compile', async (t) => {
  const model = lenet5();
  const compiled = { optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' } as const;
  const controller = new AbortController();
  const fit = model.fit(set, { epochs: 1_000_000, signal: controller.signal });
  await t.throwsAsync(model.fit(set), {
    instanceOf: TrainingError,
    message:
      /model\.fit: expected a model at rest, received one in training\. .*leave the loop over train: by break, by return\(\)/,
  });
  await t.throwsAsync(model.train(set).next(), { instanceOf: TrainingError, message: /model\.train: / });
  t.throws(() => model.compile(compiled), { instanceOf: TrainingError, message: /model\.compile: .*in training/ });
  controller.abort();
  await t.throwsAsync(fit, { name: 'AbortError', any: true });
  t.notThrows(() => model.compile(compiled));
  await t.notThrowsAsync(model.fit(set));
});

test('the first fit goes on undisturbed when a second is refused', async (t) => {
  const expected = await trained(lenet5(), set, { epochs: 2 });
  const model = lenet5();
  const first = trained(model, set, { epochs: 2 });
  for (let i = 0; i < 3; i++) await t.throwsAsync(model.fit(set), { instanceOf: TrainingError });
  t.deepEqual(await first, expected);
});

test('a fit that fails in its options leaves the model free', async (t) => {
  const model = smallModel();
  await t.throwsAsync(model.fit(blobs(10), { epochs: -1 }));
  await t.throwsAsync(model.fit(blobs(10), { threads: 0 }));
  await t.notThrowsAsync(model.fit(blobs(10)));
});

test('timers fire while a model trains', async (t) => {
  const wide = sequential({ inputShape: [784] }, [
    layers.dense({ units: 500, activation: 'relu' }),
    layers.dense({ units: 10 }),
  ]);
  wide.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const flat = { ...repeated(set, 60), shape: [784] };
  // One run of 60 steps: were this thread blocked by it, no timer would fire before its end.
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await wide.fit(flat, { batchSize: 256 });
  clearInterval(timer);
  t.true(ticks > 5, `${ticks}`);
});

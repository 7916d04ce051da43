import test from 'ava';
import { type Callback, InvalidArgumentError, type StepEvent, schedules, type Training } from 'cnnative';
import { blobs, smallModel } from '../helpers/small.js';
import { fingerprint, trained } from '../helpers/trained.js';

const set = blobs(70);
const options = { batchSize: 16, epochs: 3 };

test('callbacks are called in their order with what happens', async (t) => {
  const calls: string[] = [];
  const recorder = (name: string): Callback => ({
    onTrainBegin: ({ step, epochs }) => void calls.push(`${name} begin ${step} ${epochs}`),
    onEpochBegin: (epoch, { step }) => void calls.push(`${name} epoch ${epoch} ${step}`),
    onStep: ({ epoch, step }, training) => void calls.push(`${name} step ${epoch} ${step} ${training.step}`),
    // Waited for.
    onEpochEnd: async ({ epoch, valLoss }, { step }) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      calls.push(`${name} end ${epoch} ${step} ${typeof valLoss}`);
    },
    onTrainEnd: ({ step }) => void calls.push(`${name} done ${step}`),
  });
  const callbacks = [recorder('a'), recorder('b')];
  await smallModel().fit(blobs(30), { batchSize: 16, epochs: 2, validationData: blobs(5), callbacks });
  const events = [
    ...['begin 0 2', 'epoch 1 0', 'step 1 1 1', 'step 1 2 2', 'end 1 2 number'],
    ...['epoch 2 2', 'step 2 3 3', 'step 2 4 4', 'end 2 4 number', 'done 4'],
  ];
  t.deepEqual(
    calls,
    events.flatMap((event) => [`a ${event}`, `b ${event}`]),
  );
});

test('callbacks that only watch change no bit, whether steps wait for them or not', async (t) => {
  const plain = await trained(smallModel(), set, options);
  for (const passive of [false, true]) {
    const losses: number[] = [];
    const callbacks: Callback[] = [{ passive, onStep: ({ loss }) => void losses.push(loss) }];
    t.deepEqual(await trained(smallModel(), set, { ...options, callbacks }), plain);
    t.deepEqual(losses, plain.losses);
  }
});

test('the model at hand is the one that trains, and can be used between steps', async (t) => {
  const model = smallModel();
  const losses: number[] = [];
  const callbacks: Callback[] = [
    {
      onEpochEnd: async (_event, training) => {
        t.is(training.model, model);
        losses.push((await training.model.evaluate(set)).loss);
      },
    },
  ];
  const { history } = await model.fit(set, { ...options, validationData: set, callbacks });
  t.deepEqual(losses, history.valLoss);
});

test('stop within an epoch ends it after that step, with the numbers of its steps', async (t) => {
  const { losses } = await trained(smallModel(), set, options);
  const events: number[] = [];
  const model = smallModel();
  const callbacks: Callback[] = [
    {
      onStep: ({ step }, training) => {
        if (step === 7) training.stop();
      },
      onEpochEnd: ({ step }) => void events.push(step),
    },
  ];
  const { history, epoch } = await model.fit(set, { ...options, callbacks });
  t.deepEqual(epoch, [1, 2]);
  t.deepEqual(events, [5, 7]);
  t.true(Math.abs((history.loss[1] ?? 0) - ((losses[5] ?? 0) + (losses[6] ?? 0)) / 2) < 1e-12);
  // The epoch counts as done: the next fit takes the order of the third.
  const next = await trained(model, set, { ...options, epochs: 1 });
  t.not(next.losses[0], losses[7]);
});

test('stop at the end of an epoch, and before any step, ends the training', async (t) => {
  const early = await smallModel().fit(set, {
    ...options,
    callbacks: [{ onEpochEnd: (_, training) => training.stop() }],
  });
  t.deepEqual(early.epoch, [1]);
  t.deepEqual(early.history, (await smallModel().fit(set, { ...options, epochs: 1 })).history);
  const model = smallModel();
  const before = await fingerprint(model);
  for (const callback of [
    { onTrainBegin: (training: Training) => training.stop() },
    { onEpochBegin: (_: number, training: Training) => training.stop() },
  ]) {
    t.deepEqual((await model.fit(set, { ...options, callbacks: [callback] })).epoch, []);
  }
  t.is(await fingerprint(model), before);
});

test('learningRateFactor holds from the next step on', async (t) => {
  // One step at a rate and one at its half, in fits of their own, and in one.
  const rates: number[] = [];
  const callbacks: Callback[] = [
    {
      onStep: (_, training) => {
        rates.push(training.learningRate);
        training.learningRateFactor *= 0.5;
      },
    },
  ];
  const batch = blobs(16);
  const model = smallModel();
  const six = blobs(96);
  await model.fit(six, { batchSize: 16, shuffle: false, callbacks });
  t.deepEqual(rates, [0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125]);
  t.is(batch.size, 16);
  const expected = smallModel();
  for (let i = 0; i < 6; i++) {
    const one = {
      ...six,
      images: six.images.slice(i * 32, i * 32 + 32),
      labels: six.labels.slice(i * 16, i * 16 + 16),
      size: 16,
    };
    const weights = await expected.getWeights();
    const fresh = smallModel({ sgd: { learningRate: 0.1 * 0.5 ** i } });
    await fresh.setWeights(weights);
    await fresh.fit(one, { batchSize: 16, shuffle: false });
    await expected.setWeights(await fresh.getWeights());
  }
  t.is(await fingerprint(model), await fingerprint(expected));
});

test('a passive callback finds the training behind the step it is told of, however many are told at once', async (t) => {
  const learningRate = schedules.exponential({ learningRate: 0.1, gamma: 0.9, unit: 'steps' });
  for (const passive of [false, true]) {
    const seen: [number, number, number][] = [];
    const watch: Callback = {
      passive,
      onStep: ({ step }, training) => void seen.push([step, training.step, training.learningRate]),
    };
    await smallModel({ sgd: { learningRate } }).fit(set, { ...options, callbacks: [watch] });
    const rateAfter = (step: number) => learningRate.rateAt(Math.min(step, 14), 15, 5);
    t.deepEqual(
      seen,
      Array.from({ length: 15 }, (_, i) => [i + 1, i + 1, rateAfter(i + 1)]),
    );
  }
});

test('a passive callback can stop the training and change the rate, within some steps', async (t) => {
  const factors = new Set<number>();
  let last = 0;
  // One epoch, far longer than it takes until progress is told.
  const epoch = { sampling: 'replacement', stepsPerEpoch: 1_000_000 } as const;
  const callbacks: Callback[] = [
    {
      passive: true,
      onStep: ({ step }, training) => {
        factors.add(training.learningRate);
        if (step === 10) training.learningRateFactor = 0;
        last = step;
        if (step === 20_000) training.stop();
      },
    },
  ];
  const model = smallModel();
  const steps: StepEvent[] = [];
  for await (const event of model.train(set, { batchSize: 1, ...epoch, logEvery: 1, callbacks })) {
    if (event.event === 'step') steps.push(event);
  }
  t.deepEqual([...factors], [0.1, 0]);
  t.true(last >= 20_000 && last < 1_000_000);
  // Every step is told once, in order.
  t.deepEqual(
    steps.map(({ step }) => step),
    Array.from({ length: last }, (_, i) => i + 1),
  );
});

for (const method of ['onTrainBegin', 'onEpochBegin', 'onStep', 'onEpochEnd', 'onTrainEnd'] as const) {
  test(`what ${method} throws ends the training, and the model stays usable`, async (t) => {
    const model = smallModel();
    const reason = new Error('of the callback');
    let ended = 0;
    const callbacks: Callback[] = [{ [method]: () => Promise.reject(reason) }, { onTrainEnd: () => void ended++ }];
    t.is(await t.throwsAsync(model.fit(set, { ...options, callbacks })), reason);
    t.is(ended, 1);
    t.is((await model.fit(set, options)).epoch.length, 3);
    t.true(Number.isFinite((await model.evaluate(set)).loss));
  });
}

test('an error before is not hidden by one of onTrainEnd, and leaving the loop ends the training too', async (t) => {
  const fails: Callback[] = [
    {
      onEpochEnd: () => {
        throw new Error('first');
      },
      onTrainEnd: () => {
        throw new Error('second');
      },
    },
  ];
  await t.throwsAsync(smallModel().fit(set, { ...options, callbacks: fails }), { message: 'first' });
  let ended = 0;
  for await (const event of smallModel().train(set, { ...options, callbacks: [{ onTrainEnd: () => void ended++ }] })) {
    if (event.event === 'epoch') break;
  }
  t.is(ended, 1);
});

test('rejects callbacks and factors that are none', async (t) => {
  const fitWith = (callbacks: unknown) => smallModel().fit(set, { callbacks: callbacks as Callback[] });
  for (const [callbacks, message] of [
    [{}, /expected an array for callbacks/],
    [[null], /at position 0 of callbacks, received null/],
    [[{}, 3], /at position 1 of callbacks, received 3/],
    [[{ onStep: 1 }], /received 1 for onStep/],
    [[{ onBatchEnd: () => undefined }], /among onTrainBegin, .* received onBatchEnd/],
  ] as const) {
    await t.throwsAsync(fitWith(callbacks), { instanceOf: InvalidArgumentError, message });
  }
  for (const factor of [-1, Number.NaN, Number.POSITIVE_INFINITY, '1']) {
    const callbacks: Callback[] = [
      { onStep: (_, training) => void Object.assign(training, { learningRateFactor: factor }) },
    ];
    await t.throwsAsync(fitWith(callbacks), { instanceOf: InvalidArgumentError, message: /learningRateFactor/ });
  }
});

import { readdir } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import type { Callback, Model, ResumeEvent, Training, TrainOptions } from 'cnnative';
import { Decay, type Left, leftBy, pictures, resumableModel, train } from '../helpers/resumable.js';
import { resumesFromAnywhere } from '../helpers/resumes.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

// 50 samples: epochs of three whole steps and a part.
const set = pictures(50);
const validationData = pictures(20, 1);
const base = { epochs: 3, batchSize: 16 } as const;

for (const [name, sampling] of [
  ['momentum', {}],
  ['samples in order', { shuffle: false }],
  ['samples drawn with replacement', { sampling: 'replacement', stepsPerEpoch: 5 }],
  ['epochs cut short', { stepsPerEpoch: 2 }],
] as const) {
  test(`a training with ${name} goes on from any step to the same bits`, async (t) => {
    await resumesFromAnywhere(t, { data: () => set, options: { ...base, ...sampling, validationData } });
  });
}

/** Trains until a step aborts it; what `resume` then gives. */
async function abortedAt(
  t: ExecutionContext,
  step: number,
  passive: boolean,
): Promise<{ left: Left; resumed: ResumeEvent }> {
  const folder = await temporaryFolder(t);
  const controller = new AbortController();
  const stop: Callback = {
    passive,
    onStep: (event) => void (event.step === step && controller.abort(new Error('enough'))),
  };
  const options = { ...base, validationData, checkpoint: { folder } };
  const first = resumableModel();
  const fit = first.fit(set, { ...options, callbacks: [new Decay(), stop], signal: controller.signal });
  await t.throwsAsync(fit, { message: 'enough' });
  const model = resumableModel();
  const events: ResumeEvent[] = [];
  const idle: Callback = { passive, onStep: () => undefined };
  const again = model.train(set, { ...options, callbacks: [new Decay(), idle], resume: true });
  const history: Record<string, number[]> = {};
  for await (const event of again) {
    if (event.event === 'resume') events.push(structuredClone(event));
    if (event.event !== 'epoch') continue;
    for (const [name, value] of Object.entries(event))
      if (typeof value === 'number') history[name] = [...(history[name] ?? []), value];
  }
  t.is(events.length, 1);
  const [resumed] = events as [ResumeEvent];
  const losses = [...resumed.history.loss, ...(history.loss ?? [])];
  return { left: { ...(await leftBy(model, { loss: losses })) }, resumed };
}

test('an aborted training leaves a checkpoint, whatever it was at', async (t) => {
  const plain = await train(set, { ...base, validationData, callbacks: [new Decay()] });
  for (const step of [1, 4, 7, 12]) {
    const { left, resumed } = await abortedAt(t, step, false);
    t.is(resumed.step, step);
    // A step that was the last of its epoch leaves the validation to be done.
    t.is(resumed.epoch, Math.ceil(step / 4));
    t.deepEqual([left.stores, left.counters, left.history.loss], [plain.stores, plain.counters, plain.history.loss]);
  }
  const { left, resumed } = await abortedAt(t, 2, true);
  t.true(resumed.step >= 2);
  t.deepEqual([left.stores, left.counters, left.history.loss], [plain.stores, plain.counters, plain.history.loss]);
});

test('without onAbort an aborted training leaves nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const controller = new AbortController();
  const callbacks: Callback[] = [{ onStep: () => controller.abort() }];
  const fit = resumableModel().fit(set, {
    callbacks,
    checkpoint: { folder, onAbort: false },
    signal: controller.signal,
  });
  await t.throwsAsync(fit, { any: true });
  t.deepEqual(await readdir(folder), []);
});

test('a training that is done, or was stopped, is not done again, and can be made longer', async (t) => {
  const folder = await temporaryFolder(t);
  const options = { ...base, checkpoint: { folder } };
  const done = await train(set, options);
  let steps = 0;
  const model = resumableModel();
  const again = await model.fit(set, { ...options, resume: true });
  t.deepEqual(await leftBy(model, again.history), done);
  const longer = resumableModel();
  const more = await longer.fit(set, { ...options, epochs: 5, resume: true });
  t.deepEqual(await leftBy(longer, more.history), await train(set, { ...base, epochs: 5 }));

  const stopped: TrainOptions = {
    ...base,
    checkpoint: { folder: await temporaryFolder(t) },
    callbacks: [
      {
        onStep: ({ step }, training) => {
          steps++;
          if (step === 6) training.stop();
        },
      },
    ],
  };
  const before = await train(set, stopped);
  t.is(before.history.loss.length, 2);
  t.deepEqual(await train(set, { ...stopped, resume: true }), before);
  t.is(steps, 6);
});

test('resume: true begins anew where there is no checkpoint, and whatever the model has been through does not matter', async (t) => {
  const folder = await temporaryFolder(t);
  const options = { ...base, checkpoint: { folder, everySteps: 5 }, resume: true };
  const plain = await train(set, base);
  t.deepEqual(await train(set, options), plain);
  const model: Model = resumableModel();
  await model.fit(set, { epochs: 2, shuffle: false });
  const { history } = await model.fit(set, options);
  t.deepEqual(await leftBy(model, history), plain);
});

test('epochs without a test have NaN beside those that have one', async (t) => {
  const folder = await temporaryFolder(t);
  const upTo = async (epochs: number, options: TrainOptions) => {
    const all = { ...base, epochs, checkpoint: { folder }, resume: true, ...options };
    return (await resumableModel().fit(set, all)).history;
  };
  await upTo(1, {});
  const tested = await upTo(2, { validationData });
  const { valLoss = [] } = tested;
  t.deepEqual([tested.loss.length, valLoss.length, valLoss[0]], [2, 2, Number.NaN]);
  const again = await upTo(3, {});
  t.deepEqual(again.valLoss, [...valLoss, Number.NaN]);
});

test('callbacks without a prototype, and states with any names, are kept', async (t) => {
  const folder = await temporaryFolder(t);
  const given = { $array: 0, $number: 'NaN', $$: [undefined, -0, Number.NaN], weights: Float32Array.of(1, Number.NaN) };
  let restored: unknown;
  const callback = Object.assign(Object.create(null) as Callback, {
    state: () => given,
    restore: (state: unknown) => {
      restored = state;
    },
  });
  const options = { ...base, checkpoint: { folder }, callbacks: [callback] };
  await resumableModel().fit(set, { ...options, epochs: 1 });
  await resumableModel().fit(set, { ...options, epochs: 2, resume: true });
  t.deepEqual(restored, given);
});

/** Everything it was told, in a state that checkpoints keep. */
class Heard implements Callback {
  all: string[] = [];
  onTrainBegin = () => void this.all.push('begin');
  onEpochBegin = (epoch: number) => void this.all.push(`epoch ${epoch}`);
  onStep: NonNullable<Callback['onStep']> = ({ step }) => void this.all.push(`step ${step}`);
  onEpochEnd: NonNullable<Callback['onEpochEnd']> = ({ epoch }) => void this.all.push(`end ${epoch}`);
  state = () => this.all;
  restore(state: unknown): void {
    this.all = state as string[];
  }
}

test('what a callback was told before another ended the training is not told twice', async (t) => {
  const whole = new Heard();
  const plain = await train(set, { ...base, callbacks: [whole, {}] });
  for (const hook of ['onTrainBegin', 'onEpochBegin', 'onStep', 'onEpochEnd'] as const) {
    const controller = new AbortController();
    // As a request with the signal would.
    const request = (_: unknown, training?: Training) => {
      if (training && training.step < 4) return;
      controller.abort(new Error('enough'));
      throw controller.signal.reason;
    };
    const folder = await temporaryFolder(t);
    const options = { ...base, checkpoint: { folder, everySteps: 1 } };
    const callbacks: Callback[] = [new Heard(), { [hook]: request }];
    const fit = resumableModel().fit(set, { ...options, callbacks, signal: controller.signal });
    await t.throwsAsync(fit, { message: 'enough' });
    const heard = new Heard();
    t.deepEqual(await train(set, { ...options, callbacks: [heard, {}], resume: true }), plain, hook);
    t.deepEqual(heard.all, whole.all, hook);
  }
});

test('a training goes on for no fewer epochs than it has begun', async (t) => {
  const folder = await temporaryFolder(t);
  const controller = new AbortController();
  const stop: Callback = { onStep: ({ step }) => void (step === 7 && controller.abort(new Error('enough'))) };
  const options = { ...base, checkpoint: { folder } };
  const fit = resumableModel().fit(set, { ...options, callbacks: [stop], signal: controller.signal });
  await t.throwsAsync(fit, { message: 'enough' });
  const model = resumableModel();
  const before = await model.getWeights();
  // Epochs of four steps: the second has begun.
  const again = (epochs: number) => model.fit(set, { ...options, epochs, callbacks: [{}], resume: true });
  await t.throwsAsync(again(1), {
    code: 'ERR_CHECKPOINT',
    message: /expected at least 2 for epochs.*received 1/,
  });
  t.deepEqual(await model.getWeights(), before);
  t.deepEqual((await again(2)).epoch, [1, 2]);
  await t.throwsAsync(again(1), { message: /expected at least 2 for epochs/ });
});

import test from 'ava';
import { type CallbackConfig, callbacks, InvalidArgumentError } from 'cnnative';
import { callbackFromConfig } from '#lib/callbacks/index.js';
import { epochEvent, stepEvent, TrainingLike } from '../helpers/training-like.js';

test('terminateOnNaN stops at the first loss that is not finite', (t) => {
  for (const loss of [NaN, Infinity, -Infinity]) {
    const callback = callbacks.terminateOnNaN();
    const training = new TrainingLike();
    callback.onTrainBegin();
    callback.onStep(stepEvent(1, 1), training);
    t.false(training.stopped);
    callback.onStep(stepEvent(1, 2, loss), training);
    callback.onStep(stepEvent(1, 3, loss), training);
    t.true(training.stopped);
    t.is(callback.stoppedStep, 2);
  }
  const training = new TrainingLike();
  const callback = callbacks.terminateOnNaN();
  callback.onEpochEnd(epochEvent(3, { loss: NaN }), training);
  t.true(training.stopped);
  t.is(callback.stoppedStep, 30);
});

const options = {
  csvLogger: { path: 'a.csv', separator: ';', append: true },
  earlyStopping: {
    monitor: 'loss',
    mode: 'min',
    minDelta: 0.1,
    patience: 3,
    baseline: 2,
    restoreBestWeights: true,
    startFromEpoch: 4,
  },
  jsonLines: { path: 'a.jsonl', logEvery: 7, append: true },
  modelCheckpoint: { path: '{epoch}', monitor: 'valF1', mode: 'max', saveBestOnly: true },
  reduceLROnPlateau: {
    monitor: 'loss',
    mode: 'max',
    factor: 0.3,
    patience: 2,
    minDelta: 0.2,
    cooldown: 3,
    minLearningRate: 1e-5,
  },
  tensorBoard: { logDir: 'runs', updateFreq: 10 },
  terminateOnNaN: {},
} satisfies Record<Exclude<keyof typeof callbacks, 'custom'>, Record<string, unknown>>;

for (const [type, given] of Object.entries(options)) {
  test(`${type} is made again from its plain data`, (t) => {
    const made = callbackFromConfig('test', { type, ...given }) as unknown as { config(): CallbackConfig };
    t.deepEqual(made.config(), { type, ...given });
    t.throws(() => callbackFromConfig('test', { type, ...given, other: 1 }), {
      instanceOf: InvalidArgumentError,
      message: new RegExp(`^callbacks\\.${type}: .*"other"`),
    });
  });
}

test('rejects plain data of no callback', (t) => {
  t.throws(() => callbackFromConfig('who', { type: 'custom' }), {
    message: /who: expected one of 'csvLogger', .*"custom"/,
  });
  t.throws(() => callbackFromConfig('who', null as never), { message: /who: expected an object with the type/ });
});

test('a custom callback is checked for misspelt methods', (t) => {
  const own = { onEpochEnd: () => undefined };
  t.is(callbacks.custom(own), own);
  t.throws(() => callbacks.custom({ onEpochEnds: () => undefined } as never), {
    message: /onEpochEnd, .*"onEpochEnds"/,
  });
  t.throws(() => callbacks.custom({ onStep: 3 } as never), { message: /a function for onStep, received 3/ });
});

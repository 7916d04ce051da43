import test from 'ava';
import { callbacks, InvalidArgumentError, type ReduceLROnPlateauOptions } from 'cnnative';
import { largestError } from '../helpers/closeness.js';
import { readFixture } from '../helpers/pytorch-fixture.js';
import { epochEvent, TrainingLike, throughFile } from '../helpers/training-like.js';

interface Case {
  readonly options: ReduceLROnPlateauOptions;
  readonly values: readonly number[];
  readonly rates: readonly number[];
}

const cases = readFixture<Case>('plateau-pytorch.json');

/** The rate after each epoch; resumed after some of them, if so. */
function ratesOf(options: ReduceLROnPlateauOptions, values: readonly number[], resumedAfter?: number): number[] {
  let reducer = callbacks.reduceLROnPlateau(options);
  let training = new TrainingLike();
  reducer.onTrainBegin(training);
  return values.map((valLoss, i) => {
    if (i === resumedAfter) {
      const state = throughFile(reducer.state());
      reducer = callbacks.reduceLROnPlateau(options);
      const { learningRateFactor } = training;
      training = new TrainingLike();
      training.learningRateFactor = learningRateFactor;
      reducer.onTrainBegin(training);
      reducer.restore(state);
    }
    reducer.onEpochEnd(epochEvent(i + 1, { valLoss }), training);
    return training.learningRate;
  });
}

for (const [i, { options, values, rates }] of cases.entries()) {
  test(`the rate on a plateau falls as in PyTorch (${i})`, (t) => {
    t.true(values.length >= 50);
    t.true(new Set(rates).size > 3);
    t.true(largestError(ratesOf(options, values), rates, rates) <= 1e-12);
  });

  test(`a resumed training reduces as one never stopped (${i})`, (t) => {
    for (const after of [1, 7, 23, 59]) t.deepEqual(ratesOf(options, values, after), ratesOf(options, values));
  });
}

test('a rate of 0 stays', (t) => {
  const training = new TrainingLike({ rate: 0 });
  const reducer = callbacks.reduceLROnPlateau({ patience: 1 });
  reducer.onTrainBegin(training);
  for (let epoch = 1; epoch < 4; epoch++) reducer.onEpochEnd(epochEvent(epoch, { valLoss: 1 }), training);
  t.is(training.learningRateFactor, 1);
});

test('rejects what is no factor, and an unknown number to monitor', (t) => {
  for (const factor of [0, 1, 1.5, -1, NaN]) {
    t.throws(() => callbacks.reduceLROnPlateau({ factor }), {
      instanceOf: InvalidArgumentError,
      message: /callbacks\.reduceLROnPlateau: .* for factor/,
    });
  }
  const reducer = callbacks.reduceLROnPlateau({ monitor: 'valLos' });
  t.throws(() => reducer.onTrainBegin(new TrainingLike()), { message: /'loss', 'accuracy', 'valLoss' for monitor/ });
});

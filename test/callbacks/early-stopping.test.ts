import test from 'ava';
import { callbacks, type EarlyStoppingOptions, InvalidArgumentError } from 'cnnative';
import { blobs, smallModel } from '../helpers/small.js';
import { fingerprint } from '../helpers/trained.js';
import { epochEvent, TrainingLike, throughFile } from '../helpers/training-like.js';

/** The epoch after which it stops, or the number of epochs. */
async function lastEpoch(options: EarlyStoppingOptions, valLosses: readonly number[]): Promise<number> {
  const stopping = callbacks.earlyStopping(options);
  const training = new TrainingLike();
  stopping.onTrainBegin(training);
  const last = await training.play(stopping, valLosses);
  if (training.stopped !== stopping.stoppedEpoch > 0) throw new Error('it stopped and does not say so');
  return last;
}

// Each worked out by hand from Keras's rules.
const cases: readonly [string, EarlyStoppingOptions, readonly number[], number][] = [
  ['the first epoch that is no better', {}, [5, 4, 4, 1], 3],
  ['as many as its patience in a row', { patience: 2 }, [5, 6, 4, 5, 4, 1], 5],
  ['not while it improves', { patience: 1 }, [5, 4, 3, 2], 4],
  ['improvements below minDelta', { patience: 2, minDelta: 0.5 }, [5, 4.8, 4.6, 1], 3],
  ['improvements of minDelta do not count', { patience: 1, minDelta: 1 }, [5, 4, 1], 2],
  ['falls, of what is to rise', { mode: 'max' }, [1, 2, 1.5, 9], 3],
  ['NaN', { patience: 2 }, [5, NaN, NaN, 1], 3],
  ['NaN from the beginning, but for the first epoch', { patience: 1 }, [NaN, NaN, 1], 2],
  ['a loss that is infinite from the beginning', { patience: 3 }, [Infinity, Infinity, Infinity, 1], 3],
  ['not in the epochs before startFromEpoch', { startFromEpoch: 3 }, [1, 2, 3, 4, 5, 6], 5],
  ['improvements that do not beat the baseline', { patience: 3, baseline: 1 }, [5, 4, 3, 3, 0.5], 4],
  ['not those that do', { patience: 3, baseline: 3.5 }, [5, 4, 3, 3, 3, 0.5], 6],
];

for (const [what, options, losses, expected] of cases) {
  test(`early stopping stops at ${what}`, async (t) => {
    t.is(await lastEpoch(options, losses), expected);
  });
}

test('accuracy and its like are to rise by themselves', async (t) => {
  for (const monitor of ['accuracy', 'valAccuracy', 'valF1', 'valTopK', 'valAuc']) {
    const stopping = callbacks.earlyStopping({ monitor });
    const training = new TrainingLike();
    for (const [i, value] of [0.1, 0.2, 0.3].entries()) {
      await stopping.onEpochEnd(epochEvent(i + 1, { [monitor]: value }), training);
    }
    t.false(training.stopped, monitor);
    await stopping.onEpochEnd(epochEvent(4, { [monitor]: 0.25 }), training);
    t.true(training.stopped, monitor);
    t.deepEqual(stopping.best, { value: 0.3, epoch: 3 });
  }
});

test('the weights of the best epoch come back at the end', async (t) => {
  const stopping = callbacks.earlyStopping({ patience: 2, restoreBestWeights: true });
  const training = new TrainingLike();
  const prints: string[] = [];
  stopping.onTrainBegin(training);
  for (const [i, valLoss] of [3, 1, 2, 2].entries()) {
    await training.model.setWeights(await smallModel({ seed: 10 + i }).getWeights());
    prints.push(await fingerprint(training.model));
    await stopping.onEpochEnd(epochEvent(i + 1, { valLoss }), training);
  }
  t.true(training.stopped);
  t.not(await fingerprint(training.model), prints[1]);
  await stopping.onTrainEnd(training);
  t.is(await fingerprint(training.model), prints[1] as string);
});

test('weights of an earlier training do not come back when the next one fails at its start', async (t) => {
  const stopping = callbacks.earlyStopping({ monitor: 'loss', restoreBestWeights: true });
  const model = smallModel();
  await model.fit(blobs(40), { callbacks: [stopping] });
  await model.setWeights(await smallModel({ seed: 10 }).getWeights());
  const own = await fingerprint(model);
  const fails = {
    onTrainBegin: () => {
      throw new Error('no');
    },
  };
  await t.throwsAsync(model.fit(blobs(40), { callbacks: [fails, stopping] }), { message: 'no' });
  t.is(await fingerprint(model), own);
});

test('a resumed training stops where one never stopped does, with the same weights', async (t) => {
  const losses = [5, 3, 4, 3.5, 3.2, 1];
  const options = { patience: 3, restoreBestWeights: true };
  for (let epochs = 1; epochs <= 4; epochs++) {
    const first = callbacks.earlyStopping(options);
    const training = new TrainingLike();
    first.onTrainBegin(training);
    await training.play(first, losses.slice(0, epochs));
    const best = await fingerprint(training.model);

    const second = callbacks.earlyStopping(options);
    const resumed = new TrainingLike({ model: smallModel({ seed: 9 }) });
    second.onTrainBegin(resumed);
    second.restore(throughFile(first.state()));
    t.is(await resumed.play(second, losses.slice(epochs), epochs + 1), 5);
    t.deepEqual(second.best, { value: 3, epoch: 2 });
    await second.onTrainEnd(resumed);
    if (epochs >= 2) t.is(await fingerprint(resumed.model), best);
  }
});

test('a second training begins afresh', async (t) => {
  const stopping = callbacks.earlyStopping({ patience: 2 });
  for (let i = 0; i < 2; i++) {
    const training = new TrainingLike();
    stopping.onTrainBegin(training);
    t.is(await training.play(stopping, [2 + i, 3 + i, 3 + i, 1]), 3);
  }
});

test('an unknown name to monitor lists those there are, before an epoch is trained', (t) => {
  const stopping = callbacks.earlyStopping({ monitor: 'valAccuracy' });
  t.throws(() => stopping.onTrainBegin(new TrainingLike()), {
    instanceOf: InvalidArgumentError,
    message:
      /^callbacks\.earlyStopping: expected one of 'loss', 'accuracy', 'valLoss' for monitor, received 'valAccuracy'\./,
  });
});

test('rejects options and states that are none', (t) => {
  const rejects = (act: () => unknown, message: RegExp) => t.throws(act, { instanceOf: InvalidArgumentError, message });
  rejects(() => callbacks.earlyStopping({ patience: -1 }), /patience, received -1/);
  rejects(() => callbacks.earlyStopping({ minDelta: -1 }), /minDelta, received -1/);
  rejects(() => callbacks.earlyStopping({ mode: 'least' as never }), /'auto', 'min', 'max' for mode/);
  rejects(() => callbacks.earlyStopping({ monitor: '' }), /monitor/);
  rejects(() => callbacks.earlyStopping({ baseline: NaN }), /baseline, received NaN/);
  rejects(() => callbacks.earlyStopping({ restoreBestWeight: true } as never), /"restoreBestWeight"/);
  for (const state of [null, 'x', {}, { best: 'x', bestEpoch: 1, wait: 0, bestWeights: null }]) {
    rejects(() => callbacks.earlyStopping().restore(state), /callbacks\.earlyStopping: .*state to restore/);
  }
});

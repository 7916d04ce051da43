import test from 'ava';
import { faultOfState } from '#lib/training/check-state.js';

const state = () => ({
  conditions: {},
  counters: { epochs: 1, steps: 3, updates: 3 },
  position: {
    ...{ epoch: 2, stepsBefore: 3, epochStep: 0, epochBegun: false, milliseconds: 1.5, stopped: false },
    totals: { loss: 0, correct: 0, samples: 0 },
  },
  learningRateFactor: 1,
  history: { epoch: [1], history: { loss: [Number.NaN] }, seconds: 1, imagesPerSecond: 2 },
  callbacks: [{ type: 'Decay' }],
});

test('tells what is wrong with the state of a checkpoint', (t) => {
  t.is(faultOfState(state()), undefined);
  t.is(faultOfState({ ...state(), best: { value: Number.NaN, step: 3 } }), undefined);
  const { counters, position, history } = state();
  const wrong: [unknown, string][] = [
    [null, 'null where an object is expected for its state'],
    [{}, 'undefined where an object is expected for conditions'],
    [{ ...state(), counters: { ...counters, steps: -1 } }, '-1 where an integer from 0 is expected for counters.steps'],
    [
      { ...state(), counters: { ...counters, epochs: 2 ** 40 } },
      '1099511627776 where an integer from 0 to 2^31 is expected for counters.epochs',
    ],
    [{ ...state(), position: { ...position, epoch: 0 } }, '0 where an integer from 1 is expected for position.epoch'],
    [{ ...state(), position: { ...position, totals: [] } }, '[] where an object is expected for position.totals'],
    [
      { ...state(), history: { ...history, history: {} } },
      'an object of class Object where arrays of numbers is expected for history.history',
    ],
    [{ ...state(), learningRateFactor: null }, 'null where a number from 0 is expected for learningRateFactor'],
    [
      { ...state(), best: { value: 1 } },
      'an object of class Object where nothing, or a number and its step is expected for best',
    ],
  ];
  for (const [given, fault] of wrong) t.is(faultOfState(given), fault);
});

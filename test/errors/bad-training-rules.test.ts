import test from 'ava';
import { averages, initializers, optimizers, regularizers } from 'cnnative';
import {
  type Anything,
  arraysOfNumbers,
  JUNK,
  junkBut,
  objects,
  POSITIVE,
  refused,
  refusesOptions,
  show,
} from '../helpers/bad-values.js';

test('initializers and regularizers refuse what is no option', async (t) => {
  const normal = { mean: junkBut(-1, -0.5, 0, 1.5, 2 ** 53), stddev: junkBut(0, 1.5, 2 ** 53) };
  await refusesOptions(t, initializers.randomNormal, {}, normal);
  await refusesOptions(t, initializers.truncatedNormal, {}, normal);
  await refusesOptions(t, initializers.randomUniform, {}, { min: junkBut(-1, -0.5, 0), max: junkBut(0, 1.5, 2 ** 53) });
  await refusesOptions(t, initializers.constant, { value: 1 }, { value: junkBut(-1, -0.5, 0, 1.5, 2 ** 53) });
  await refusesOptions(t, initializers.orthogonal, {}, { gain: junkBut(-1, -0.5, 0, 1.5, 2 ** 53) });
  await refusesOptions(t, initializers.dirac, {}, { gain: junkBut(-1, -0.5, 0, 1.5, 2 ** 53) });
  await refusesOptions(t, regularizers.l1l2, {}, { l1: junkBut(...POSITIVE), l2: junkBut(...POSITIVE) });
  for (const value of [...junkBut(...POSITIVE), undefined] as Anything[]) {
    await refused(t, show(value), () => regularizers.l1(value));
    await refused(t, show(value), () => regularizers.l2(value));
  }
  for (const value of [...junkBut(...arraysOfNumbers), undefined] as Anything[]) {
    await refused(t, show(value), () => initializers.values(value));
  }
});

test('optimizers.sgd refuses what is no option', async (t) => {
  await refusesOptions(
    t,
    optimizers.sgd,
    {},
    {
      learningRate: junkBut(0, 1.5, 2 ** 53, 1e300),
      momentum: [...junkBut(0), 1],
    },
  );
  for (const options of junkBut(...objects)) await refused(t, show(options), () => optimizers.sgd(options as Anything));
  const sgd = optimizers.sgd();
  await refused(t, 'setter', () => {
    sgd.learningRate = Number.NaN;
  });
  t.is(sgd.learningRate, 0.01);
});

test('all optimizers refuse what is no option', async (t) => {
  const shared = {
    learningRate: junkBut(0, 1.5, 2 ** 53, 1e300),
    weightDecay: junkBut(0, 1.5, 2 ** 53, 1e300),
    accumulate: junkBut(2 ** 53 - 1),
    clipValue: [...junkBut(1.5, 2 ** 53), 0],
    clipNorm: [...junkBut(1.5, 2 ** 53), 0],
    globalClipNorm: [...junkBut(1.5, 2 ** 53), 0],
    average: [...JUNK, 'ema', { type: 'mean' }, { type: 'ema', decay: 1 }, { type: 'lookahead', steps: 0 }].filter(
      (value) => value !== undefined,
    ),
  };
  const booleans = junkBut(true, false);
  const share = [...junkBut(0), 1];
  const positive = junkBut(0, 1.5, 2 ** 53, 1e300);
  const moments = { beta1: share, beta2: share, epsilon: positive };
  const own: Record<keyof typeof optimizers, Record<string, readonly unknown[]>> = {
    sgd: { momentum: share, nesterov: [...booleans, true], decoupled: booleans },
    rmsprop: { rho: share, momentum: share, epsilon: positive, centered: booleans, decoupled: booleans },
    adagrad: { learningRateDecay: positive, initialAccumulatorValue: positive, epsilon: positive },
    adadelta: { rho: share, epsilon: positive },
    adam: { ...moments, amsgrad: booleans, decoupled: booleans },
    adamw: { ...moments, amsgrad: booleans, decoupled: [true] },
    nadam: { ...moments, momentumDecay: positive },
    lion: { beta1: share, beta2: share, decoupled: [true] },
    muon: {
      momentum: share,
      nesterov: booleans,
      steps: junkBut(2 ** 53 - 1),
      lastLayer: ['sgd', 1, null, {}],
      others: [1, 'x', null],
    },
  };
  for (const [name, bad] of Object.entries(own)) {
    const make = optimizers[name as keyof typeof optimizers] as (options: Anything) => unknown;
    await refusesOptions(t, make, {}, { ...shared, ...bad });
  }
  await refusesOptions(t, (others) => optimizers.muon({ others }), {}, { ...moments, learningRateFactor: positive });
  await refusesOptions(t, averages.ema, {}, { decay: share });
  await refusesOptions(
    t,
    averages.lookahead,
    {},
    { steps: junkBut(2 ** 53 - 1), alpha: [...junkBut(0), 1.5, { from: 1 }] },
  );
  const way = (alpha: Anything) => averages.lookahead({ alpha });
  const shares = [...junkBut(0), 1.5];
  await refusesOptions(
    t,
    way,
    { from: 1, to: 0.5 },
    { from: shares, to: shares, power: [...junkBut(1.5, 2 ** 53, 1e300), 0] },
  );
});

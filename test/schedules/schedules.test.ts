import test from 'ava';
import { InvalidArgumentError, loadModel, optimizers, type Schedule, schedules } from 'cnnative';
import { optimizerFromConfig } from '#lib/optimizers/index.js';
import { scheduleFromConfig } from '#lib/schedules/index.js';
import { blobs, smallModel } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const STEPS = 240;
const PER_EPOCH = 12;

const ratesOf = (schedule: Schedule, steps = STEPS) =>
  Array.from({ length: steps }, (_, step) => schedule.rateAt(step, steps, PER_EPOCH));

const all: readonly Schedule[] = [
  schedules.step({ learningRate: 0.1, stepSize: 0.3 }),
  schedules.multiStep({ learningRate: 0.1, milestones: [1, 2.5], unit: 'steps' }),
  schedules.exponential({ learningRate: 0.1, gamma: 0.9, staircase: true }),
  schedules.polynomial({ learningRate: 0.1, endLearningRate: 0.2, power: 0.5, duration: 3 }),
  schedules.cosine({ learningRate: 0.1 }),
  schedules.cosine({ learningRate: 0.1, duration: 7, unit: 'steps' }),
  schedules.cosineRestarts({ learningRate: 0.1, t0: 1.5, tMult: 1.5, minLearningRate: 0.01 }),
  schedules.oneCycle({ maxLearningRate: 1, pctStart: 0.4, divFactor: 3, annealStrategy: 'linear', threePhase: true }),
  schedules.triangular({ baseLearningRate: 0, maxLearningRate: 1, stepSizeUp: 2, mode: 'expRange', gamma: 0.9 }),
  schedules.warmUp({ schedule: schedules.cosine({ learningRate: 0.1 }), duration: 1.5, startFactor: 0 }),
  schedules.sequential({ schedules: [0.1, schedules.warmUp({ schedule: 0.2, duration: 1 }), 0.3], milestones: [2, 5] }),
];

for (const [i, schedule] of all.entries()) {
  test(`${schedule.config().type} is made again from its plain data (${i})`, (t) => {
    const plain = JSON.parse(JSON.stringify(schedule.config()));
    const again = scheduleFromConfig('test', plain);
    t.deepEqual(again.config(), schedule.config());
    t.deepEqual(ratesOf(again), ratesOf(schedule));
  });
}

test('boundaries of fractions of epochs fall on their steps', (t) => {
  // 0.1 epochs of 100 steps are 10, though 30 / 100 / 0.1 is less than 3.
  const schedule = schedules.step({ learningRate: 1, stepSize: 0.1, gamma: 0.5 });
  for (let step = 0; step < 500; step++) t.is(schedule.rateAt(step, 500, 100), 0.5 ** Math.floor(step / 10));
  const restarts = schedules.cosineRestarts({ learningRate: 1, t0: 0.1 });
  for (let step = 0; step < 500; step += 10) t.true(Math.abs(restarts.rateAt(step, 500, 100) - 1) < 1e-9);
});

test('the default duration is the whole training', (t) => {
  const cosine = schedules.cosine({ learningRate: 2 });
  for (const steps of [1, 2, 37, 100]) {
    ratesOf(cosine, steps).forEach((rate, step) => {
      t.true(Math.abs(rate - (1 + Math.cos((Math.PI * step) / steps))) < 1e-14);
    });
  }
});

test('a duration that is over keeps the last rate', (t) => {
  t.is(schedules.cosine({ learningRate: 1, minLearningRate: 0.25, duration: 2 }).rateAt(200, STEPS, PER_EPOCH), 0.25);
  t.is(schedules.polynomial({ learningRate: 1, endLearningRate: 0.5, duration: 2 }).rateAt(200, STEPS, PER_EPOCH), 0.5);
  const last = schedules.oneCycle({ maxLearningRate: 1, divFactor: 10, finalDivFactor: 10, duration: 2 });
  t.true(Math.abs(last.rateAt(200, STEPS, PER_EPOCH) - 0.01) < 1e-15);
});

test('one cycle is a number for trainings of any length', (t) => {
  for (const threePhase of [false, true]) {
    for (const pctStart of [0, 0.1, 0.3, 0.5]) {
      const schedule = schedules.oneCycle({ maxLearningRate: 1, pctStart, threePhase });
      for (let steps = 1; steps <= 40; steps++)
        t.true(ratesOf(schedule, steps).every((rate) => rate >= 0 && rate <= 1));
    }
  }
});

test('after a warm-up the schedule begins, and has the rest as its training', (t) => {
  const inner = schedules.cosine({ learningRate: 0.5 });
  const rates = ratesOf(schedules.warmUp({ schedule: inner, duration: 2, startFactor: 0.1 }));
  const warm = 2 * PER_EPOCH;
  rates.forEach((rate, step) => {
    const expected =
      step < warm
        ? 0.5 * (0.1 + (0.9 * step) / warm)
        : 0.25 * (1 + Math.cos((Math.PI * (step - warm)) / (STEPS - warm)));
    t.true(Math.abs(rate - expected) < 1e-14, `${step}`);
  });
});

test('a warm-up longer than the training has rates for all its steps', (t) => {
  const rates = ratesOf(schedules.warmUp({ schedule: schedules.cosine({ learningRate: 1 }), duration: 40 }), 24);
  t.true(rates.every((rate, i) => i === 0 || rate > (rates[i - 1] as number)));
});

test('schedules in sequence count from their own beginnings and end with them', (t) => {
  const cosine = schedules.cosine({ learningRate: 1 });
  const rates = ratesOf(schedules.sequential({ schedules: [0.5, cosine, cosine], milestones: [1, 4] }));
  rates.forEach((rate, step) => {
    const [begin, end] = step < 48 ? [12, 48] : [48, STEPS];
    const expected = step < 12 ? 0.5 : (1 + Math.cos((Math.PI * (step - begin)) / (end - begin))) / 2;
    t.true(Math.abs(rate - expected) < 1e-14, `${step}`);
  });
});

test('triangles of epochs shrink per epoch', (t) => {
  const options = { baseLearningRate: 0.1, maxLearningRate: 0.5, stepSizeUp: 2, stepSizeDown: 3, gamma: 0.5 } as const;
  const rates = ratesOf(schedules.triangular({ ...options, mode: 'expRange' }));
  rates.forEach((rate, step) => {
    const units = step / PER_EPOCH;
    const within = units % 5;
    const expected = 0.1 + 0.4 * (within < 2 ? within / 2 : (5 - within) / 3) * 0.5 ** units;
    t.true(Math.abs(rate - expected) < 1e-13, `${step}`);
  });
});

test('a training follows its schedule', async (t) => {
  // Rates of 0 in the second of two epochs: weights stay as they were after the first.
  const weights = async (epochs: number) => {
    const model = smallModel();
    const learningRate = schedules.sequential({ schedules: [0.1, 0], milestones: [1] });
    model.compile({ optimizer: optimizers.sgd({ learningRate }), loss: 'sparseCategoricalCrossentropy' });
    await model.fit(blobs(90), { epochs, batchSize: 16 });
    return model.getWeights();
  };
  t.deepEqual(await weights(1), await weights(2));
});

test('optimizers take schedules as plain data, and models save them', async (t) => {
  const config = { type: 'warmUp', schedule: { type: 'cosine', learningRate: 0.2 }, duration: 1 };
  const optimizer = optimizerFromConfig('test', { type: 'sgd', learningRate: config });
  t.is((optimizer.learningRate as Schedule).rateAt(12, STEPS, PER_EPOCH), 0.2);

  const folder = await temporaryFolder(t);
  const model = smallModel();
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  await model.save(folder);
  const loaded = await loadModel(folder);
  await model.fit(blobs(60), { epochs: 3 });
  await loaded.fit(blobs(60), { epochs: 3 });
  t.deepEqual(await loaded.getWeights(), await model.getWeights());
});

test('a function of the step is asked for every step, and cannot be saved', async (t) => {
  const asked: number[][] = [];
  const learningRate = schedules.custom((...args) => {
    asked.push(args);
    return 0.1;
  });
  const model = smallModel();
  model.compile({ optimizer: optimizers.sgd({ learningRate }), loss: 'sparseCategoricalCrossentropy' });
  await model.fit(blobs(64), { epochs: 2, batchSize: 32 });
  t.deepEqual(
    asked,
    [0, 1, 2, 3].map((step) => [step, 4, 2]),
  );
  await t.throwsAsync(model.save(await temporaryFolder(t)), {
    instanceOf: InvalidArgumentError,
    message: /schedules\.custom: .*received a function.*training\.learningRateFactor/,
  });
});

for (const wrong of [NaN, -0.1, Infinity, '0.1', undefined]) {
  test(`a function that gives ${wrong} is named with its step`, async (t) => {
    const rate = schedules.custom((step) => (step === 3 ? (wrong as number) : 0.1));
    const model = smallModel();
    model.compile({ optimizer: optimizers.sgd({ learningRate: rate }), loss: 'sparseCategoricalCrossentropy' });
    const before = await model.getWeights();
    await t.throwsAsync(model.fit(blobs(160), { batchSize: 32 }), {
      instanceOf: InvalidArgumentError,
      message: /^schedules\.custom: expected a finite number of at least 0 for the learning rate of step 3, received /,
    });
    t.deepEqual(await model.getWeights(), before);
    await model.fit(blobs(64), { batchSize: 32 });
  });
}

test("a schedule of one's own is checked as well", async (t) => {
  const learningRate = { rateAt: (step: number) => (step === 2 ? NaN : 0.1), config: () => ({ type: 'own' }) };
  const model = smallModel();
  model.compile({ optimizer: optimizers.sgd({ learningRate }), loss: 'sparseCategoricalCrossentropy' });
  await t.throwsAsync(model.fit(blobs(160)), {
    instanceOf: InvalidArgumentError,
    message: /^learningRate: expected a finite number of at least 0 of the schedule, .* for step 2, received NaN/,
  });
});

const rejected: readonly [string, () => unknown, RegExp][] = [
  [
    'a misspelt option',
    () => schedules.step({ learningRate: 1, stepsize: 2 } as never),
    /schedules\.step: .*"stepsize"/,
  ],
  ['no options', () => schedules.cosine(undefined as never), /schedules\.cosine: expected an object/],
  ['a step size of 0', () => schedules.step({ learningRate: 1, stepSize: 0 }), /above 0 for stepSize, received 0/],
  ['a negative rate', () => schedules.cosine({ learningRate: -1 }), /for learningRate, received -1/],
  ['a rate left out', () => schedules.cosine({} as never), /for learningRate, received undefined/],
  ['milestones that fall', () => schedules.multiStep({ learningRate: 1, milestones: [3, 2] }), /ascending.*\[3, 2\]/],
  ['no milestones', () => schedules.multiStep({ learningRate: 1, milestones: [] }), /milestones, received \[\]/],
  ['another unit', () => schedules.cosine({ learningRate: 1, unit: 'days' as never }), /'epochs', 'steps' for unit/],
  ['tMult below 1', () => schedules.cosineRestarts({ learningRate: 1, t0: 1, tMult: 0.5 }), /tMult, received 0.5/],
  [
    'a rise of 3 quarters',
    () => schedules.oneCycle({ maxLearningRate: 1, pctStart: 0.75, threePhase: true }),
    /pctStart/,
  ],
  [
    'a mode',
    () => schedules.triangular({ baseLearningRate: 0, maxLearningRate: 1, stepSizeUp: 1, mode: 'x' as never }),
    /mode/,
  ],
  ['a warm-up of nothing', () => schedules.warmUp({ duration: 1 } as never), /for schedule, received undefined/],
  ['one schedule alone', () => schedules.sequential({ schedules: [1], milestones: [] }), /at least two rates/],
  [
    'too few milestones',
    () => schedules.sequential({ schedules: [1, 2, 3], milestones: [1] }),
    /expected 2 milestones for 3/,
  ],
  ['no function', () => schedules.custom(0.1 as never), /expected a function .* received 0.1/],
  ['an unknown type', () => scheduleFromConfig('who', { type: 'custom' }), /who: expected one of 'step'.*"custom"/],
  ['no object', () => scheduleFromConfig('who', [] as never), /who: expected an object with the type/],
  ['plain data as a rate', () => optimizers.sgd({ learningRate: {} as never }), /optimizers\.sgd: .*schedules\.cosine/],
];

test('rejects null, which no option is left out by', (t) => {
  const optional: Readonly<Record<string, [options: object, optional: readonly string[]]>> = {
    step: [{ learningRate: 1, stepSize: 1 }, ['gamma', 'unit']],
    multiStep: [{ learningRate: 1, milestones: [1] }, ['gamma', 'unit']],
    exponential: [{ learningRate: 1, gamma: 1 }, ['staircase', 'unit']],
    polynomial: [{ learningRate: 1 }, ['endLearningRate', 'power', 'duration', 'unit']],
    cosine: [{ learningRate: 1 }, ['minLearningRate', 'duration', 'unit']],
    cosineRestarts: [{ learningRate: 1, t0: 1 }, ['tMult', 'minLearningRate', 'unit']],
    oneCycle: [
      { maxLearningRate: 1 },
      ['pctStart', 'divFactor', 'finalDivFactor', 'annealStrategy', 'threePhase', 'duration', 'unit'],
    ],
    triangular: [{ baseLearningRate: 0, maxLearningRate: 1, stepSizeUp: 1 }, ['stepSizeDown', 'mode', 'gamma', 'unit']],
    warmUp: [{ schedule: 1, duration: 1 }, ['startFactor', 'mode', 'chained', 'unit']],
    sequential: [{ schedules: [1, 2], milestones: [1] }, ['unit']],
  };
  t.deepEqual([...Object.keys(optional), 'custom'].sort(), Object.keys(schedules).sort());
  for (const [type, [options, names]] of Object.entries(optional)) {
    const make = schedules[type as 'step'] as (options: object) => unknown;
    for (const name of names) {
      t.notThrows(() => make({ ...options, [name]: undefined }), `${type} ${name}`);
      t.throws(() => make({ ...options, [name]: null }), {
        instanceOf: InvalidArgumentError,
        message: new RegExp(`^schedules\\.${type}: expected .* for ${name}, received null\\.$`),
      });
    }
  }
});

for (const [what, make, message] of rejected) {
  test(`rejects ${what}`, (t) => {
    t.throws(make, { instanceOf: InvalidArgumentError, message });
  });
}

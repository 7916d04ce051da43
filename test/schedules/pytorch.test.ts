import test from 'ava';
import type { ScheduleConfig } from 'cnnative';
import { scheduleFromConfig } from '#lib/schedules/index.js';
import { largestError } from '../helpers/closeness.js';
import { readFixture } from '../helpers/pytorch-fixture.js';

interface Case {
  readonly config: ScheduleConfig;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly rates: readonly number[];
}

const cases = readFixture<Case>('schedules-pytorch.json');

for (const [i, { config, steps, stepsPerEpoch, rates }] of cases.entries()) {
  test(`${config.type} gives the rates of PyTorch (${i})`, (t) => {
    const schedule = scheduleFromConfig('test', config);
    const found = rates.map((_, step) => schedule.rateAt(step, steps, stepsPerEpoch));
    t.true(rates.length >= 50);
    // PyTorch multiplies from step to step, and rounds each time; a rate of 0 is a cosine that ends just above it.
    const error = largestError(
      found,
      rates,
      rates.map((rate) => Math.max(rate, 1e-12)),
    );
    t.true(error <= 1e-9, `${error}`);
  });
}

test('every schedule but a function is compared', (t) => {
  t.deepEqual([...new Set(cases.map(({ config }) => config.type))].sort(), [
    'cosine',
    'cosineRestarts',
    'exponential',
    'multiStep',
    'oneCycle',
    'polynomial',
    'sequential',
    'step',
    'triangular',
    'warmUp',
  ]);
});

import test from 'ava';
import type { NativeRun } from '#lib/native.js';
import { StepTimes } from '#lib/program/step-times.js';

const call = { label: '', op: '', operands: {}, attributes: {} };
const program = (...phases: string[]) =>
  ({ description: { calls: phases.map((phase) => ({ ...call, phase })) } }) as unknown as ConstructorParameters<
    typeof StepTimes
  >[0];
const run = (steps: number[], calls: number[]) =>
  ({ stepSeconds: () => Float32Array.from(steps), callSeconds: () => Float32Array.from(calls) }) as NativeRun;

test('leaves out the first step of a run, and gives medians over the others', (t) => {
  const times = new StepTimes(program('prepare', 'compute', 'compute'));
  times.add(run([64, 2, 3, 32], [8, 32, 64, 0, 2, 1, 0, 3, 2, 0, 16, 4]));
  times.add(run([64, 4], [16, 64, 64, 0, 3, 2]));
  t.deepEqual(times.steps, [2, 3, 32, 4]);
  t.is(times.step, 4);
  // Prepared once a run: only the first step has it. Of an even number of values the upper one is the median.
  t.deepEqual(times.calls, [16, 3, 2]);
  // 3 of 2, 5 of 3, 20 of 32 and 5 of 4 seconds.
  t.is(times.atWork, 1.5);
});

test('counts the only step of a run, and every step of what updates prepare', (t) => {
  const times = new StepTimes(program('prepare', 'update'));
  times.add(run([2], [1, 1]));
  t.deepEqual([times.step, times.calls, times.atWork], [2, [1, 1], 1]);
  times.add(run([9, 3, 3], [9, 9, 2, 4, 2, 4]));
  t.deepEqual([times.step, times.calls, times.atWork], [3, [2, 4], 2]);
});

import type { NativeRun } from '../native.js';
import { median } from '../util/median.js';
import type { CompiledProgram } from './compile.js';
import { everyStepOf } from './profile.js';

/** Of a run. */
const MOST_TIMES = 2 ** 19;

/**
 * What steps of a program and their calls take, over some runs with `profile`. Medians over steps: a neighbour's burst meets one
 * step, and one of its calls.
 *
 * The first step of a run, which touches new memory, counts only for calls made once a run, and in runs of one step.
 */
export class StepTimes {
  /** Steps of a run, at most: its times of all calls are kept. */
  readonly mostSteps: number;
  readonly steps: number[] = [];
  /** Seconds that threads spent in calls, all together, over those of the step. */
  readonly #atWork: number[] = [];
  readonly #everyStep: readonly boolean[];
  readonly #calls: readonly number[][];

  constructor(program: Pick<CompiledProgram, 'description'>) {
    this.#everyStep = everyStepOf(program);
    this.#calls = this.#everyStep.map(() => []);
    this.mostSteps = Math.ceil(MOST_TIMES / Math.max(1, this.#calls.length));
  }

  add(run: NativeRun): void {
    const steps = run.stepSeconds();
    const seconds = run.callSeconds();
    const first = steps.length > 1 ? 1 : 0;
    const calls = this.#calls.length;
    for (let step = first; step < steps.length; step++) {
      const inCalls = seconds.subarray(step * calls, (step + 1) * calls).reduce((sum, time) => sum + time, 0);
      this.steps.push(steps[step] as number);
      this.#atWork.push(inCalls / (steps[step] as number));
    }
    this.#calls.forEach((times, call) => {
      const at = (step: number) => seconds[step * calls + call] ?? 0;
      if (!this.#everyStep[call]) times.push(at(0));
      else for (let step = first; step < steps.length; step++) times.push(at(step));
    });
  }

  /** Seconds of a step on the clock. */
  get step(): number {
    return median(this.steps);
  }

  /** How many threads are at work in the mean over a step; the others wait for them. */
  get atWork(): number {
    return median(this.#atWork);
  }

  /** Of each call, seconds of all threads together: in a step, or each time where it is not made in every step. */
  get calls(): readonly number[] {
    return this.#calls.map(median);
  }
}

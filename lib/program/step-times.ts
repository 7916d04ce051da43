import type { NativeRun } from '../native.js';
import { median } from '../util/median.js';
import type { CompiledProgram } from './compile.js';
import { everyStepOf } from './profile.js';

/** Of calls in steps, in a run and in all: each is kept, and medians want no more. */
const MOST_IN_RUN = 2 ** 19;
const MOST_TIMES = 2 ** 22;
/** Memory has another place in each run. */
const LEAST_RUNS = 5;

interface MeasureLimits {
  readonly seconds: number;
  readonly stepSeconds: number;
  /** Steps of a run, as `most`. */
  readonly least: number;
  readonly most?: number;
}

/**
 * What steps of a program and their calls take, over some runs with `profile`. Medians over steps: a neighbour's burst meets one
 * step, and one of its calls.
 *
 * The first step of a run, which touches new memory, counts only for calls made once a run, and in runs of one step.
 */
export class StepTimes {
  readonly steps: number[] = [];
  /** Seconds that threads spent in calls, all together, over those of the step. */
  readonly #atWork: number[] = [];
  readonly #everyStep: readonly boolean[];
  readonly #calls: readonly number[][];

  constructor(program: Pick<CompiledProgram, 'description'>) {
    this.#everyStep = everyStepOf(program);
    this.#calls = this.#everyStep.map(() => []);
  }

  /**
   * Adds some runs of at least so many steps, for about so long, or until there are enough steps.
   *
   * @param stepSeconds what a step takes, roughly
   */
  async measure(
    runSteps: (steps: number) => Promise<NativeRun>,
    { seconds, stepSeconds, least, most = Infinity }: MeasureLimits,
  ): Promise<void> {
    const calls = Math.max(1, this.#calls.length);
    const wanted = Math.ceil(seconds / LEAST_RUNS / stepSeconds);
    const steps = Math.min(Math.max(least, Math.min(wanted, Math.ceil(MOST_IN_RUN / calls))), most);
    const end = performance.now() + seconds * 1000;
    do this.add(await runSteps(steps));
    while (performance.now() < end && this.steps.length * calls < MOST_TIMES);
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

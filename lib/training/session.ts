import type { Training } from '../callbacks/callback.js';
import { type Means, MetricMeans } from '../metrics/index.js';
import { type StepEvent, VALIDATION_NAMES } from '../model/events.js';
import type { History } from '../model/history.js';
import type { Model } from '../model/model.js';
import type { Runtime } from '../model/runtime.js';
import { rateOf } from '../model/step-scalars.js';
import type { CompiledProgram } from '../program/compile.js';
import { checkNumber } from '../util/check.js';
import type { Plan } from './options.js';

/** A training at work: where it stands, for its loop, its callbacks and its checkpoints. */
export class Session implements Training {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly plan: Plan;
  readonly history: History;
  /** Sums over the epoch at work. */
  readonly totals: MetricMeans;
  /** The epoch at work, from 1; one more than there are once all are done. */
  epoch = 1;
  /** Steps of the epochs before. */
  stepsBefore = 0;
  /** Whether callbacks were told that it begins. */
  epochBegun = false;
  /** Steps of it that are done. */
  epochStep = 0;
  /** Time in those steps. */
  milliseconds = 0;
  stopped = false;
  #factor = 1;

  constructor(model: Model, runtime: Runtime, plan: Plan, history: History) {
    const { metrics, loss } = runtime.compiled(plan.who);
    this.model = model;
    this.runtime = runtime;
    this.plan = plan;
    this.history = history;
    this.totals = new MetricMeans(metrics, loss.reduction);
  }

  get epochs(): number {
    return this.plan.epochs;
  }

  get numbers(): readonly string[] {
    const { who, validationData } = this.plan;
    const { metrics } = this.runtime.compiled(who);
    const has = (name: string) => name === 'loss' || metrics.some((metric) => metric.name === name);
    const validated = validationData ? VALIDATION_NAMES.filter(([, name]) => has(name)) : [];
    return [...['loss', 'accuracy'].filter(has), ...validated.map(([name]) => name)];
  }

  get step(): number {
    return this.stepsBefore + this.epochStep;
  }

  /** Samples of the epoch that its steps so far took. */
  get epochSamples(): number {
    return Math.min(this.epochStep * this.plan.batchSize, this.plan.samplesPerEpoch);
  }

  get learningRateFactor(): number {
    return this.#factor;
  }

  set learningRateFactor(factor: number) {
    this.#factor = checkNumber('training', 'learningRateFactor', factor, 0);
  }

  get learningRate(): number {
    const { stepsPerEpoch, who } = this.plan;
    const { optimizer } = this.runtime.compiled(who);
    const steps = this.epochs * stepsPerEpoch;
    // Behind the last step there is none to ask for.
    return rateOf(optimizer, Math.min(this.step, steps - 1), steps, stepsPerEpoch) * this.#factor;
  }

  stop(): void {
    this.stopped = true;
  }

  /** What runs the steps. It keeps the memory they work in, until `releaseMemory`. */
  get program(): CompiledProgram {
    const { batchSize, settings, augment } = this.plan;
    return this.runtime.program('train', batchSize, settings.isa, 'float32', augment);
  }

  /** Gives that memory back. */
  releaseMemory(): void {
    this.program.native.releaseMemory();
  }

  /** Takes in a step as a run has recorded it, and tells of it. */
  absorb(record: Float64Array): StepEvent {
    const { batchSize, samplesPerEpoch } = this.plan;
    const samples = Math.min(batchSize, samplesPerEpoch - this.epochStep * batchSize);
    const [means] = this.totals.add(record, () => samples) as [Means];
    this.epochStep++;
    this.runtime.steps++;
    this.runtime.updates++;
    return { event: 'step', epoch: this.epoch, step: this.step, ...means };
  }

  /** Goes on to the next epoch. */
  endEpoch(): void {
    this.runtime.epochs++;
    this.epoch++;
    this.stepsBefore += this.epochStep;
    this.epochBegun = false;
    this.epochStep = 0;
    this.milliseconds = 0;
    this.totals.restore({ loss: 0, correct: 0, samples: 0 });
  }
}

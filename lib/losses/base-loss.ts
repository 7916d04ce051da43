import type { Buffer } from '../program/buffer.js';
import type { Attributes } from '../program/description.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import { STEP_METRICS } from '../program/step-metrics.js';
import { checkChoice } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { type Shape, sizeOf } from '../util/shape.js';
import type {
  Loss,
  LossConfig,
  LossEmission,
  LossName,
  LossOptions,
  Reduction,
  TargetValues,
  Thresholds,
} from './loss.js';

const REDUCTIONS: readonly Reduction[] = ['none', 'sum', 'mean'];

/** What all losses share: the reduction, and the calls around the one that computes the loss. */
export abstract class BaseLoss implements Loss {
  readonly name: LossName;
  readonly reduction: Reduction;
  readonly reads: 'labels' | 'targets' = 'targets';
  readonly targetValues: TargetValues | undefined = undefined;
  /** Whether it was said what the outputs are: `checkEnd` then does not doubt it. */
  readonly #saysLogits: boolean;

  constructor(name: LossName, options: LossOptions, known: readonly string[] = []) {
    const who = `losses.${name}`;
    checkOptions(who, options, ['reduction', ...known]);
    this.name = name;
    const { reduction = 'mean' } = options;
    this.reduction = checkChoice(who, 'reduction', reduction, REDUCTIONS);
    this.#saysLogits = 'fromLogits' in options && options.fromLogits !== undefined;
  }

  /** @internal */
  get saysLogits(): boolean {
    return this.#saysLogits;
  }

  inputOf(output: Value): Value {
    return output;
  }

  checkOutput(_who: string, _shape: Shape): void {}

  checkEnd(_who: string, _output: Value): void {}

  thresholds(_output: Value): Thresholds | undefined {
    return undefined;
  }

  abstract emit(emit: Emitter, output: Value, options: LossEmission): Buffer;

  config(): LossConfig {
    return { type: this.name, reduction: this.reduction };
  }

  /** Emits a call that compares a value with targets in lanes, and the sum of its losses. */
  protected emitLoss(
    emit: Emitter,
    op: string,
    input: Value,
    targets: Buffer,
    backward: boolean,
    attributes: Attributes,
  ): Buffer {
    const loss = emit.sample(1);
    const operands = { loss, x: emit.bufferOf(input), t: targets };
    const all = { features: sizeOf(input.shape), mean: this.reduction === 'mean' ? 1 : 0, ...attributes };
    if (backward && emit.wants(input)) {
      emit.emitGradient(input, (dx) => emit.compute(op, { ...operands, dx }, all));
    } else {
      emit.compute(op, operands, all);
    }
    emit.complete('sumSamples', { x: loss }, { metric: STEP_METRICS.indexOf('loss') });
    return loss;
  }
}

/** Emits the targets of samples, laid out in lanes; with `mixing`, those of mixed samples. */
export function emitTargets(emit: Emitter, shape: Shape, mixing?: Attributes): Buffer {
  const features = sizeOf(shape);
  const y = emit.sample(features);
  emit.compute(mixing ? 'mixedTargets' : 'gatherTargets', { y }, { ...mixing, features });
  return y;
}

/** Counts samples whose largest output is where the largest target is; with thresholds, the shares of right answers. */
export function emitAccuracy(emit: Emitter, input: Value, targets: Buffer, thresholds?: Thresholds): void {
  const correct = emit.sample(1);
  const largest = thresholds ? 0 : 1;
  const { ofX = 0, ofT = 0 } = thresholds ?? {};
  const attributes = { features: sizeOf(input.shape), largest, ofX, ofT };
  emit.compute('correctAnswers', { correct, x: emit.bufferOf(input), t: targets }, attributes);
  emit.complete('sumSamples', { x: correct }, { metric: STEP_METRICS.indexOf('accuracy') });
}

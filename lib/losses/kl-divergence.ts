import type { Buffer } from '../program/buffer.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import { emitAccuracy, emitTargets } from './base-loss.js';
import { ClassLoss, type ClassLossOptions } from './class-loss.js';
import type { LossEmission, TargetValues } from './loss.js';

/**
 * Kullback-Leibler divergence of the outputs' distribution p from the targets' q, `[classes]`: `loss = sum q log(q / p)`, where
 * `0 log 0 = 0`; summed over classes as in Keras and PyTorch's `batchmean`. Its gradient is that of cross-entropy.
 */
export class KlDivergence extends ClassLoss {
  override readonly targetValues: TargetValues = {
    expected: 'from 0 to 1',
    includes: (value) => value >= 0 && value <= 1,
  };

  constructor(options: ClassLossOptions = {}) {
    super('klDivergence', options);
  }

  emit(emit: Emitter, output: Value, { backward, accuracy }: LossEmission): Buffer {
    const input = this.inputOf(output);
    const targets = emitTargets(emit, output.shape);
    const loss = this.onLogits(output)
      ? this.emitLoss(emit, 'crossEntropy', input, targets, backward, { relative: 1 })
      : this.emitLoss(emit, 'elementwiseLoss', input, targets, backward, {
          function: 'divergence',
          scale: 1,
          delta: 1,
        });
    if (accuracy) emitAccuracy(emit, input, targets);
    return loss;
  }
}

import type { Buffer } from '../program/buffer.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import { emitTargets } from './base-loss.js';
import { type CategoricalCrossentropyOptions, CrossEntropyLoss } from './cross-entropy-loss.js';
import type { LossEmission, TargetValues } from './loss.js';

/**
 * Cross-entropy with targets `[classes]`, one-hot or soft: `loss = -sum q log p`. On logits z it is computed as
 * `sum q (log(sum exp z) - z)`, with gradient `(sum q) softmax(z) - q`.
 */
export class CategoricalCrossentropy extends CrossEntropyLoss {
  readonly mixes = true;
  override readonly targetValues: TargetValues = {
    expected: 'from 0 to 1',
    includes: (value) => value >= 0 && value <= 1,
  };

  constructor(options: CategoricalCrossentropyOptions = {}) {
    super('categoricalCrossentropy', options);
  }

  emit(emit: Emitter, output: Value, options: LossEmission): Buffer {
    return this.emitAgainst(emit, output, emitTargets(emit, output.shape, options.mixing), options);
  }
}

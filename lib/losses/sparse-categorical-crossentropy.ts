import type { Buffer } from '../program/buffer.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import { STEP_METRICS } from '../program/step-metrics.js';
import { sizeOf } from '../util/shape.js';
import { type CategoricalCrossentropyOptions, CrossEntropyLoss } from './cross-entropy-loss.js';
import type { LossEmission } from './loss.js';

/**
 * Cross-entropy with integer labels: `loss = log(sum exp z) - z[label]`, the mean over the batch, with gradient
 * `(softmax(z) - onehot(label)) / N`.
 *
 * z are the logits: the input of the model's final softmax or logSoftmax, or its output where it ends without one.
 */
export class SparseCategoricalCrossentropy extends CrossEntropyLoss {
  override readonly reads = 'labels';
  readonly mixes = true;

  constructor(options: CategoricalCrossentropyOptions = {}) {
    super('sparseCategoricalCrossentropy', options);
  }

  emit(emit: Emitter, output: Value, options: LossEmission): Buffer {
    const classes = sizeOf(output.shape);
    const { mixing } = options;
    if (!mixing && this.plain && this.onLogits(output) && this.reduction === 'mean') {
      return emitLabelled(emit, this.inputOf(output), classes, options.backward);
    }
    const oneHot = emit.sample(classes);
    emit.compute(mixing ? 'mixedLabels' : 'oneHot', { y: oneHot }, { ...mixing, classes });
    return this.emitAgainst(emit, output, oneHot, options);
  }
}

/** The common case, in one call. */
function emitLabelled(emit: Emitter, logits: Value, classes: number, backward: boolean): Buffer {
  const loss = emit.sample(1);
  const correct = emit.sample(1);
  const operands = { loss, correct, x: emit.bufferOf(logits) };
  if (backward && emit.wants(logits)) {
    emit.emitGradient(logits, (dx) => emit.compute('softmaxCrossEntropy', { ...operands, dx }, { classes }));
  } else {
    emit.compute('softmaxCrossEntropy', operands, { classes });
  }
  emit.complete('sumSamples', { x: loss }, { metric: STEP_METRICS.indexOf('loss') });
  emit.complete('sumSamples', { x: correct }, { metric: STEP_METRICS.indexOf('accuracy') });
  return loss;
}

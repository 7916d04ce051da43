import { STEP_METRICS } from '../program/compile.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import { LogSoftmax } from '../program/operations/log-softmax.js';
import { Softmax } from '../program/operations/softmax.js';
import { sizeOf } from '../util/shape.js';
import type { Loss } from './loss.js';

/**
 * Cross-entropy with integer labels: `loss = log(sum exp z) - z[label]`, the mean over the batch, with gradient
 * `(softmax(z) - onehot(label)) / N`.
 *
 * z are the logits: the input of the model's final softmax or logSoftmax, or its output where it ends without one.
 */
export class SparseCategoricalCrossentropy implements Loss {
  readonly name = 'sparseCategoricalCrossentropy';

  inputOf(output: Value): Value {
    const { producer } = output;
    return producer instanceof Softmax || producer instanceof LogSoftmax ? producer.inputs[0] : output;
  }

  emit(emit: Emitter, logits: Value, backward: boolean): void {
    const classes = sizeOf(logits.shape);
    const loss = emit.sample(1);
    const correct = emit.sample(1);
    const x = emit.valueOf(logits);
    const operands = { loss, correct, x };
    if (backward && emit.wants(logits)) {
      emit.emitGradient(logits, (dx) => emit.compute('softmaxCrossEntropy', { ...operands, dx }, { classes }));
    } else {
      emit.compute('softmaxCrossEntropy', operands, { classes });
    }
    emit.complete('sumSamples', { x: loss }, { metric: STEP_METRICS.indexOf('loss') });
    emit.complete('sumSamples', { x: correct }, { metric: STEP_METRICS.indexOf('accuracy') });
  }
}

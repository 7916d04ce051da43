import type { LossRule } from '../losses/loss.js';
import { sizeOf } from '../util/shape.js';
import type { TracedNetwork } from './compile.js';
import type { Value } from './operation.js';
import { STEP_METRICS } from './step-metrics.js';

/** A network to be differentiated for a gradient of its output that is given, and what stands for its loss. */
export interface UpstreamNetwork {
  /** With one more input, the last: dy, the gradient of the output. */
  readonly network: TracedNetwork;
  readonly loss: LossRule;
}

/**
 * Lets a gradient be handed in from above: the loss is `sum(dy * y)` over all samples, whose gradient by y is dy, an
 * input like any other. Its gradient by dy is y, so a program of mode `gradients` puts out the gradients of all inputs
 * and, as the last of them, the output itself.
 */
export function withUpstream(network: TracedNetwork): UpstreamNetwork {
  const dy: Value = { shape: network.output.shape, producer: null, label: 'dy' };
  const loss: LossRule = {
    reads: 'labels',
    reduction: 'sum',
    inputOf: (output) => output,
    emit(emit, output, { backward }) {
      const features = sizeOf(output.shape);
      const y = emit.bufferOf(output);
      const operands = { loss: emit.sample(1), dy: emit.bufferOf(dy), y };
      if (backward && emit.wants(output)) {
        emit.emitGradient(output, (dx) => emit.compute('linearLoss', { ...operands, dx }, { features }));
      } else {
        emit.compute('linearLoss', operands, { features });
      }
      if (backward) emit.giveGradient(dy, y, true);
      emit.complete('sumSamples', { x: operands.loss }, { metric: STEP_METRICS.indexOf('loss') });
      return operands.loss;
    },
  };
  // What parameters cost by their size is no part of this loss, whatever the number of samples.
  const parameters = network.parameters.map(({ regularizer: _, ...parameter }) => parameter);
  return { network: { ...network, inputs: [...network.inputs, dy], parameters }, loss };
}

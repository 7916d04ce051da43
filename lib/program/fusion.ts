import { needsInput } from './fused-activation.js';
import type { Operation, Value } from './operation.js';
import { Activation } from './operations/activation.js';
import { Add } from './operations/add.js';
import { BatchNormalization } from './operations/batch-normalization.js';
import { Convolution } from './operations/convolution.js';
import { Dropout } from './operations/dropout.js';
import { GaussianNoise } from './operations/gaussian-noise.js';
import { SeparableConvolution } from './operations/separable-convolution.js';

/**
 * Lets cheap operations ride on the one before them, where nothing else reads what is between: additions always, activations unless
 * training needs what is before them, batch normalisation on a convolution or dense layer when its statistics are fixed, and a
 * pointwise convolution on a depthwise one when nothing is to be trained. Then random layers vanish too. The last operation's
 * output stays the same value, so operations behind it need no change.
 */
export function fuse(operations: readonly Operation[], targets: readonly Value[], training: boolean): Operation[] {
  const readers = new Map<Value, number>();
  for (const value of [...operations.flatMap((operation) => operation.inputs), ...targets]) {
    readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  const fused = new Set<Operation>();
  const producers = new Map<Value, Operation>();
  const before = (value: Value) => (readers.get(value) === 1 ? producers.get(value) : undefined);
  for (const operation of operations) {
    const together = merge(operation, before, training);
    if (together) fused.delete(together.swallowed);
    const made = together?.operation ?? operation;
    fused.add(made);
    producers.set(made.output, made);
  }
  return [...fused];
}

interface Merged {
  readonly operation: Operation;
  readonly swallowed: Operation;
}

/** One operation for two, if the one before can take this one in. `before` gives that of an input nobody else reads. */
function merge(
  operation: Operation,
  before: (value: Value) => Operation | undefined,
  training: boolean,
): Merged | undefined {
  const into = (value: Value, take: (earlier: Operation) => Operation | undefined): Merged | undefined => {
    const swallowed = before(value);
    const together = swallowed && take(swallowed);
    return together && { operation: together, swallowed };
  };
  if (operation instanceof Activation) {
    const { activation, inputs, output } = operation;
    if (training && needsInput(activation)) return undefined;
    return into(inputs[0], (earlier) => earlier.withActivation?.(activation, output));
  }
  if (operation instanceof Add && operation.activation === 'linear') {
    const { inputs, output } = operation;
    const [a, b] = inputs;
    return (
      into(a, (earlier) => earlier.withAddend?.(b, output)) ?? into(b, (earlier) => earlier.withAddend?.(a, output))
    );
  }
  if ((operation instanceof Dropout || operation instanceof GaussianNoise) && !training) {
    // Nothing to compute, but nothing between what can be fused either.
    const { inputs, output } = operation;
    return into(inputs[0], (earlier) => earlier.withActivation?.('linear', output));
  }
  if (operation instanceof Convolution && !training) {
    return into(operation.inputs[0], (earlier) =>
      earlier instanceof Convolution && SeparableConvolution.fits(earlier, operation)
        ? new SeparableConvolution(earlier, operation)
        : undefined,
    );
  }
  if (operation instanceof BatchNormalization && !training) {
    const { inputs, options, output } = operation;
    return into(inputs[0], (earlier) => earlier.withBatchNormalization?.(options, output));
  }
  return undefined;
}

import type { Operation, Value } from './operation.js';
import { Activation } from './operations/activation.js';

/**
 * Lets an activation ride on the convolution or dense call before it, where nothing else reads what is between them.
 * The activation's output stays the same value, so operations behind it need no change.
 */
export function fuseActivations(operations: readonly Operation[], targets: readonly Value[]): Operation[] {
  const readers = new Map<Value, number>();
  for (const value of [...operations.flatMap((operation) => operation.inputs), ...targets]) {
    readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  const fused = new Map<Operation, Operation>();
  for (const operation of operations) {
    if (!(operation instanceof Activation)) continue;
    const [input] = operation.inputs;
    if (readers.get(input) !== 1) continue;
    const together = input.producer?.withActivation?.(operation.activation, operation.output);
    if (together) fused.set(operation, together);
  }
  const swallowed = new Set([...fused.keys()].map((operation) => operation.inputs[0]?.producer));
  return operations.flatMap((operation) => (swallowed.has(operation) ? [] : [fused.get(operation) ?? operation]));
}

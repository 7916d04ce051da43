import { sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import type { Emitter } from '../emitter.js';
import { activationAttributes } from '../fused-activation.js';
import type { FusedActivation, Value } from '../operation.js';

/**
 * The gradient of what an operation had before the activation it ends in, from the gradient of its output. The activation is one whose
 * derivative follows from that output: others are not fused in training.
 */
export function beforeActivation(emit: Emitter, output: Value, activation: FusedActivation): Buffer {
  const dy = emit.gradientOf(output);
  if (activation === 'linear' || (activation === 'relu' && emit.isRectified(output))) return dy;
  const dx = emit.overGradientOf(output);
  const operands = { dx, dy, y: emit.bufferOf(output) };
  emit.compute('activationGradient', operands, { ...activationAttributes(activation), features: sizeOf(output.shape) });
  return dx;
}

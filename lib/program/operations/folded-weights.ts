import { sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import type { Emitter } from '../emitter.js';
import type { Parameter } from '../operation.js';
import { affineOf, type BatchNormalizationOptions } from './batch-normalization.js';

/** What convolutions and dense layers have: a kernel `[K, ...]`, and perhaps a bias and a batch normalisation to fold into both. */
export interface LinearWeights {
  readonly kernel: Parameter;
  readonly bias: Parameter | null;
  readonly normalization?: BatchNormalizationOptions;
}

/** Kernel and bias as the forward call takes them: the parameters, or a copy with the batch normalisation folded in. */
export function foldedWeights(emit: Emitter, weights: LinearWeights): { kernel: Buffer; bias: Buffer | null } {
  const kernel = emit.parameter(weights.kernel);
  const bias = weights.bias && emit.parameter(weights.bias);
  const { normalization } = weights;
  if (!normalization) return { kernel, bias };
  const all = sizeOf(weights.kernel.shape);
  const [filters = 0] = weights.kernel.shape;
  const folded = emit.shared(all);
  const foldedBias = emit.shared(filters);
  const operands = {
    folded,
    foldedBias,
    w: kernel,
    ...affineOf(emit, normalization),
    mean: emit.parameter(normalization.runningMean),
    variance: emit.parameter(normalization.runningVariance),
  };
  const attributes = { filters, elements: all / filters, epsilon: normalization.epsilon };
  emit.prepare('foldBatchNorm', bias ? { ...operands, bias } : operands, attributes);
  return { kernel: folded, bias: foldedBias };
}

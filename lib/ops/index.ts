// Layers as functions on arrays.
import { InvalidArgumentError } from '../errors/index.js';
import { layers } from '../layers/index.js';
import { checkChoice } from '../util/check.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { col2im, im2col } from './im2col.js';
import { LayerOp } from './layer-op.js';
import { oneHot } from './one-hot.js';
import { rot180 } from './rot180.js';
import type { Gradients, LayerOps, OpKind } from './types.js';

export type { ArrayLikeInput, FlatArray, NestedArray, OpArray } from './array.js';
export type { Col2imOptions, WindowOptions } from './im2col.js';
export type { ComputeOptions, ForwardOptions, GivenTo, GradientsOf, Op, OpInput, OpKind } from './types.js';

const KINDS = Object.keys(layers) as OpKind[];

// Bad arguments, too, are heard of through the promise.
function opOf(kind: OpKind) {
  return async (x: unknown, given: unknown = {}) => new LayerOp(`ops.${kind}`, kind, x, given).forward();
}

const gradients = async (kind: OpKind, dy: unknown, x: unknown, given: unknown = {}) => {
  const who = 'ops.gradients';
  const found = checkChoice(who, 'the op', kind, KINDS);
  if (isPlainObject(given) && 'training' in given) {
    throw new InvalidArgumentError(
      `${who}: expected no option training: gradients are those of training. Leave it out.`,
    );
  }
  return new LayerOp(`${who} of ${found}`, found, x, given).gradients(dy);
};

const layerOps = Object.fromEntries(KINDS.map((kind) => [kind, opOf(kind)]));

/**
 * Every layer as a function on arrays, to follow a network line by line and to try things out.
 *
 * ```ts
 * const y = await ops.conv2d(x, { kernel, bias, padding: 'same' });
 * const { x: dx, kernel: dk, bias: db } = await ops.gradients('conv2d', dy, x, { kernel, bias, padding: 'same' });
 * ```
 *
 * x is one sample, `[C, H, W]` or `[features]`, or a batch of them, `[N, C, H, W]` or `[N, features]`: as nested arrays, or
 * flat as `{ data, shape }`; the result is of the same kind. Options are those of the layer, parameters go by their names
 * in the layer, and options that follow from a parameter's shape are left out.
 *
 * @throws InvalidArgumentError or ShapeError, as a rejection, for names, options or shapes that are none
 *
 * @namespace
 */
export const ops = {
  ...(layerOps as unknown as LayerOps),
  /**
   * Gradients of `sum(dy * op(x))` with respect to x and every parameter given, each under its name: the product of dy with
   * the Jacobian of the op. Layers behave as in training.
   */
  gradients: gradients as unknown as Gradients,
  im2col,
  col2im,
  rot180,
  oneHot,
} as const;

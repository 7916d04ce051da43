import type { Buffer } from '../program/buffer.js';
import { PIECE_ELEMENTS } from '../program/description.js';
import type { Emitter } from '../program/emitter.js';
import { layerOf, type Parameter } from '../program/operation.js';
import { checkNumber } from '../util/check.js';
import { sizeOf } from '../util/shape.js';
import { StepScalar } from './step-scalars.js';

/** How gradients are clipped: by value first, then each tensor's norm, then the norm of all together. */
export interface ClippingOptions {
  /** Elements of gradients beyond `-clipValue` or `clipValue` are set to it. By default none is. */
  clipValue?: number;
  /** The gradient of a tensor with a norm above this is scaled down to it. By default none is. */
  clipNorm?: number;
  /** All gradients are scaled down by one factor where the norm of all of them together is above this. By default they are not. */
  globalClipNorm?: number;
}

export const CLIPPING_OPTIONS = ['clipValue', 'clipNorm', 'globalClipNorm'] as const;

/** Zero has no direction to scale to: limits are above it. */
const LEAST_LIMIT = 1e-30;

/** Clipping of gradients on their way into updates. */
export class Clipping {
  readonly #options: ClippingOptions;

  constructor(who: string, options: ClippingOptions) {
    const given = CLIPPING_OPTIONS.filter((name) => options[name] !== undefined);
    this.#options = Object.fromEntries(
      given.map((name) => [name, checkNumber(who, name, options[name], LEAST_LIMIT, 3e38)]),
    );
  }

  /** Measures the gradients, if norms are to be clipped; gives what the update of each parameter takes for that. */
  emit(
    emit: Emitter,
    parameters: readonly Parameter[],
  ): (parameter: Parameter) => {
    operands: Record<string, Buffer>;
    attributes: Record<string, number>;
  } {
    const { clipValue: limit = 0, clipNorm = 0, globalClipNorm = 0 } = this.#options;
    if (clipNorm + globalClipNorm === 0 || parameters.length === 0)
      return () => ({ operands: {}, attributes: { limit } });
    const pieces = parameters.map(({ shape }) => Math.ceil(sizeOf(shape) / PIECE_ELEMENTS));
    const norms = emit.shared(pieces.reduce((sum, count) => sum + count, 0));
    const factors = emit.shared(parameters.length);
    const gate = StepScalar.updates;
    let first = 0;
    parameters.forEach((parameter, i) => {
      emit.label = layerOf(parameter);
      const operands = { norms, g: emit.finishedGradient(parameter) };
      emit.update('gradientNorms', operands, { elements: sizeOf(parameter.shape), gate, first, limit });
      first += pieces[i] as number;
    });
    const attributes = { gate, tensors: parameters.length, pieces, each: clipNorm, all: globalClipNorm };
    emit.update('clipFactors', { norms, factors }, attributes);
    return (parameter) => ({
      operands: { factors },
      attributes: { limit, factor: parameters.indexOf(parameter) },
    });
  }

  config(): ClippingOptions {
    return this.#options;
  }
}

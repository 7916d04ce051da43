import { sizeOf } from '../util/shape.js';
import { PIECE_ELEMENTS } from './description.js';
import type { Emitter } from './emitter.js';
import type { Parameter } from './operation.js';

/** How often a penalty counts in the losses that steps record. */
export type Per = 'sample' | 'step' | 'run';

/** Adds what parameters cost by their size to a metric that holds the loss. */
export function emitPenalties(emit: Emitter, parameters: readonly Parameter[], metric: number, per: Per): void {
  const costly = parameters.filter(isCostly);
  if (costly.length === 0) return;
  const piecesOf = ({ shape }: Parameter) => Math.ceil(sizeOf(shape) / PIECE_ELEMENTS);
  const pieces = costly.reduce((sum, parameter) => sum + piecesOf(parameter), 0);
  const sums = emit.shared(pieces);
  let first = 0;
  for (const parameter of costly) {
    const attributes = { elements: sizeOf(parameter.shape), first, ...parameter.regularizer };
    emit.prepare('penalty', { sums, w: emit.parameter(parameter) }, attributes);
    first += piecesOf(parameter);
  }
  emit.complete('addPenalties', { sums }, { elements: pieces, metric, per });
}

/** Adds the slope of what a parameter costs to its finished gradient. */
export function emitPenaltyGradient(emit: Emitter, parameter: Parameter): void {
  if (!isCostly(parameter)) return;
  const operands = { g: emit.finishedGradient(parameter), w: emit.parameter(parameter) };
  emit.conclude('penaltyGradient', operands, { elements: sizeOf(parameter.shape), ...parameter.regularizer });
}

function isCostly({ trainable, regularizer }: Parameter): boolean {
  return trainable && regularizer !== undefined && regularizer.l1 + regularizer.l2 > 0;
}

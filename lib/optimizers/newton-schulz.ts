import type { Buffer } from '../program/buffer.js';
import { PIECE_ELEMENTS } from '../program/description.js';
import type { Emitter } from '../program/emitter.js';
import { sizeOf } from '../util/shape.js';
import type { ParameterUpdate } from './base-optimizer.js';

/** Of `X = a X + (b A + c A A) X` with `A = X X^T`, which brings singular values near 1 in five steps. */
const [A, B, C] = [3.4445, -4.775, 2.0315];

export interface OrthogonalOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
  /** Newton-Schulz steps. */
  readonly steps: number;
}

/** Emits the update of a kernel by its orthogonalised momentum: as the matrix `[outputs, rest]`. */
export function emitOrthogonal(
  emit: Emitter,
  { parameter, operands, attributes, state }: ParameterUpdate,
  { momentum, nesterov, steps }: OrthogonalOptions,
): void {
  const elements = sizeOf(parameter.shape);
  const [outputs = 1] = parameter.shape;
  const rest = elements / outputs;
  const { w, ...gradient } = operands as { w: Buffer; g: Buffer };
  const { gate, rate, rateFactor, decay, decoupled: _, ...clipping } = attributes;
  const norms = emit.shared(Math.ceil(elements / PIECE_ELEMENTS));
  const u = emit.shared(elements);
  const moment = { ...clipping, gate: gate as number, momentum, nesterov: nesterov ? 1 : 0 };
  emit.update('muonMomentum', { ...gradient, u, v: state(0), norms }, moment);
  // The Gram matrix is that of the shorter side.
  const transposed = outputs > rest ? 1 : 0;
  const [rows, columns] = transposed ? [rest, outputs] : [outputs, rest];
  const size = { gate: gate as number, rows, columns };
  let x = emit.shared(elements);
  let free = u;
  emit.update('muonBegin', { x, u, norms }, { ...size, transposed });
  const gram = emit.shared(rows * rows);
  const polynomial = emit.shared(rows * rows);
  const square = { ...size, columns: rows };
  for (let i = 0; i < steps; i++) {
    emit.update('outerProduct', { y: gram, a: x, b: x }, { ...square, inner: columns });
    const squares = { y: polynomial, addend: gram, a: gram, b: gram };
    emit.update('matrixProduct', squares, { ...square, inner: rows, plain: B, product: C });
    const product = { y: free, addend: x, a: polynomial, b: x };
    emit.update('matrixProduct', product, { ...size, inner: rows, plain: A, product: 1 });
    [x, free] = [free, x];
  }
  const step = { rate, rateFactor, decay, scale: Math.sqrt(Math.max(1, outputs / rest)), transposed };
  emit.update('muonStep', { w, x }, { ...step, gate: gate as number, rows: outputs, columns: rest } as Record<
    string,
    number
  >);
}

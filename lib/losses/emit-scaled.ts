import type { Buffer } from '../program/buffer.js';
import type { Emitter } from '../program/emitter.js';

/** Emits targets times a scale, plus a shift, each of an element of its own: `[scale, shift]`. */
export function emitScaled(
  emit: Emitter,
  targets: Buffer,
  elements: number,
  of: (element: number) => readonly [number, number],
): Buffer {
  const pairs = Array.from({ length: elements }, (_, k) => of(k));
  const y = emit.sample(elements);
  const attributes = {
    classes: elements,
    scale: pairs.map(([scale]) => scale),
    shift: pairs.map(([, shift]) => shift),
  };
  emit.compute('scaleTargets', { y, x: targets }, attributes);
  return y;
}

import { type Shape, sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** Axes that native code knows of. */
const AXES = 4;

/** The axes of a sample in another order: axis i of the output is axis `axes[i]` of the input. */
export class Permute implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #axes: readonly number[];

  constructor(x: Value, axes: readonly number[]) {
    this.inputs = [x];
    this.output = { shape: axes.map((axis) => x.shape[axis] ?? 0), producer: this };
    this.#axes = axes;
  }

  forward(emit: Emitter): void {
    const [input] = this.inputs;
    emitPermutation(emit, emit.define(this.output), emit.bufferOf(input), input.shape, this.#axes);
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    const back = input.shape.map((_, axis) => this.#axes.indexOf(axis));
    emit.emitGradient(input, (dx) => emitPermutation(emit, dx, dy, this.output.shape, back));
  }
}

function emitPermutation(emit: Emitter, y: Buffer, x: Buffer, shape: Shape, axes: readonly number[]): void {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const leading = (value: number) => new Array<number>(AXES - axes.length).fill(value);
  emit.compute(
    'permute',
    { y, x },
    {
      shape: [...leading(1), ...axes.map((axis) => shape[axis] ?? 0)],
      strides: [...leading(0), ...axes.map((axis) => strides[axis] ?? 0)],
    },
  );
}

import type { Parameter } from '#lib/program/operation.js';
import { sizeOf } from '#lib/util/shape.js';
import { draw, drawSigned } from './draw.js';
import type { Batch } from './test-network.js';
import { at, type Numbers } from './values.js';

const BATCH = 20;
const SIDE = 20;
const FEATURES = 3 * SIDE * SIDE;

/** Benchmark networks have no size of their own: this one is smaller, and halved into sizes that no tile divides. */
export const GOLDEN_SHAPE = [3, SIDE, SIDE] as const;

/** First weights of tools/fixtures/pytorch_networks.py, stated again: the stream of each is its slot. */
export function goldenParameters(parameters: readonly Parameter[]): Float32Array[] {
  return parameters.map(({ name, shape, slot }) => {
    const part = partOf(name);
    const scale = part === 'kernel' ? Math.sqrt(6 / sizeOf(shape.slice(1))) : 0.25;
    const offset = part === 'gamma' || part === 'runningVariance' ? 1 : 0;
    return Float32Array.from({ length: sizeOf(shape) }, (_, i) => offset + drawSigned(slot, i) * scale);
  });
}

/** Its images and labels: every class has a pattern of its own, in squares of 4x4 pixels, under as much noise. */
export function goldenBatch(): Batch {
  const labels = Int32Array.from({ length: BATCH }, (_, n) => draw(1000, n) % 10);
  const inputs = Float32Array.from({ length: BATCH * FEATURES }, (_, i) => {
    const [line, column] = [Math.floor((i % FEATURES) / SIDE), i % SIDE];
    const square = Math.floor(line / 4) * (SIDE / 4) + Math.floor(column / 4);
    const pattern = at(labels, Math.floor(i / FEATURES)) * (FEATURES / 16) + square;
    return drawSigned(1001, pattern) + drawSigned(1002, i);
  });
  return { inputs, labels };
}

/** What the fixture keeps of tensors: the sum of absolute values, and a sum weighted by position. */
export type Sums = [absolute: number, weighted: number];

export function sums(tensors: readonly Numbers[]): Sums {
  const result: Sums = [0, 0];
  let i = 0;
  for (const tensor of tensors) {
    for (let j = 0; j < tensor.length; j++, i++) {
      result[0] += Math.abs(at(tensor, j));
      result[1] += at(tensor, j) * ((i % 7) - 3);
    }
  }
  return result;
}

/** The same for all kernels together, all running means, and so on. */
export function sumsByPart(parameters: readonly Parameter[], values: readonly Numbers[]): Record<string, Sums> {
  const parts = new Set(parameters.map(({ name }) => partOf(name)));
  return Object.fromEntries(
    [...parts].map((part) => [part, sums(values.filter((_, i) => partOf(parameters[i]?.name ?? '') === part))]),
  );
}

function partOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

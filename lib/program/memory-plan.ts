import { ALIGNMENT } from './description.js';

/** A buffer to be placed: its size, and the first and last call that use it. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  /** Byte offset of each buffer, in the order given. */
  readonly offsets: readonly number[];
  readonly totalBytes: number;
}

/**
 * Gives buffers that are never in use together the same memory: largest first, each at the lowest offset where it
 * meets no buffer whose life overlaps its own (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
 * Inference", 2020, greedy by size).
 */
export function planMemory(buffers: readonly Lifetime[]): MemoryPlan {
  const offsets = new Array<number>(buffers.length).fill(0);
  const placed: { offset: number; end: number; life: Lifetime }[] = []; // by offset
  const order = buffers
    .map((life, index) => ({ life, index }))
    .sort((a, b) => b.life.bytes - a.life.bytes || a.index - b.index);
  let totalBytes = 0;
  for (const { life, index } of order) {
    let offset = 0;
    for (const other of placed) {
      const together = other.life.first <= life.last && life.first <= other.life.last;
      if (!together) continue;
      if (offset + life.bytes <= other.offset) break;
      offset = Math.max(offset, align(other.end));
    }
    offsets[index] = offset;
    const end = offset + life.bytes;
    const position = placed.findIndex((other) => other.offset > offset);
    placed.splice(position < 0 ? placed.length : position, 0, { offset, end, life });
    totalBytes = Math.max(totalBytes, end);
  }
  return { offsets, totalBytes: align(totalBytes) };
}

/** The next offset a buffer may begin at. */
export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

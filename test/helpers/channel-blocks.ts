import { LANES } from '#lib/program/description.js';
import { at, type Numbers } from './values.js';

/** The innermost part of memory with lanes of channels: samples of `[C, pixels]`. */
export interface BlockShape {
  readonly samples: number;
  readonly channels: number;
  readonly pixels: number;
}

/** Elements of a sample, its channels padded to whole blocks. */
export function blockFeatures({ channels, pixels }: BlockShape): number {
  return Math.ceil(channels / LANES) * LANES * pixels;
}

/** `[N, C, pixels]` as `[N, C / 16, pixels, 16]`, with NaN where there is no channel: nothing may depend on what is there. */
export function toBlocks(shape: BlockShape, values: Numbers): Float32Array {
  const blocks = new Float32Array(shape.samples * blockFeatures(shape)).fill(Number.NaN);
  eachElement(shape, (i, inBlocks) => {
    blocks[inBlocks] = at(values, i);
  });
  return blocks;
}

/** The way back. */
export function fromBlocks(shape: BlockShape, blocks: Numbers): Float32Array {
  const values = new Float32Array(shape.samples * shape.channels * shape.pixels);
  eachElement(shape, (i, inBlocks) => {
    values[i] = at(blocks, inBlocks);
  });
  return values;
}

function eachElement(shape: BlockShape, visit: (i: number, inBlocks: number) => void): void {
  const { samples, channels, pixels } = shape;
  for (let n = 0; n < samples; n++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) {
        const inBlocks = n * blockFeatures(shape) + (Math.floor(c / LANES) * pixels + p) * LANES + (c % LANES);
        visit((n * channels + c) * pixels + p, inBlocks);
      }
    }
  }
}

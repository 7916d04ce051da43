import type { Shape } from '../util/shape.js';
import { LANES } from './description.js';

/**
 * Predictions of at most so many samples run with lanes of channels: `[C / 16][H][W][16]`, sample by sample. From here on 16 samples in
 * the lanes, most of them absent, take less time (docs/performance.md).
 */
export const MOST_CHANNEL_LANE_SAMPLES = 8;

/** Rows of 16 lanes that a sample of this shape fills: its channels padded to whole blocks, or its features. */
export function channelRows(shape: Shape): number {
  const [channels = 1, ...spatial] = shape;
  return spatial.reduce((rows, size) => rows * size, channelBlocks(channels));
}

/** Blocks of 16 channels. */
export function channelBlocks(channels: number): number {
  return Math.ceil(channels / LANES);
}

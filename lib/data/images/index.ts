import { grid } from './grid.js';
import { read } from './read.js';
import { write, writeGrid } from './write.js';

/**
 * Pictures in files: one as the input of a model, samples of a set to look at.
 *
 * @namespace
 */
export const images = { read, write, grid, writeGrid } as const;

export type { GridOptions } from './grid.js';
export type { Picture } from './picture.js';
export type { ReadPictureOptions } from './read.js';

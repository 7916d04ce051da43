import { DataError, InvalidArgumentError } from '../../errors/index.js';
import { describe } from '../../util/describe.js';
import { systemReason } from '../../util/system-reason.js';
import { writeFileAtomically } from '../../util/write-file.js';
import type { Dataset } from '../dataset.js';
import { type GridOptions, grid } from './grid.js';
import { loadSharp } from './load-sharp.js';
import { interleaved, type Picture } from './picture.js';

/**
 * Writes a picture as PNG, for which it needs the package sharp (`npm install sharp`).
 *
 * @throws InvalidArgumentError when the path does not end in .png or the picture is none
 * @throws DataError when the file cannot be written, or sharp is not installed
 */
export async function write(path: string, picture: Picture): Promise<void> {
  return writePng('images.write', path, picture);
}

/**
 * Writes samples of a dataset side by side as one PNG: `images.grid`, and `images.write`.
 *
 * ```ts
 * await images.writeGrid('samples.png', train, { rows: 5, columns: 10, labels: true, seed: 1 });
 * ```
 */
export async function writeGrid(path: string, data: Dataset, options: GridOptions): Promise<void> {
  return writePng('images.writeGrid', path, grid(data, options));
}

async function writePng(who: string, path: unknown, picture: Picture): Promise<void> {
  if (typeof path !== 'string' || !/[^/\\]\.png$/i.test(path)) {
    throw new InvalidArgumentError(
      `${who}: expected the path of a file that ends in .png, received ${describe(path)}.`,
    );
  }
  checkPicture(who, picture);
  const [channels, height, width] = picture.shape;
  const sharp = await loadSharp(who);
  const raw = { channels: channels as 1 | 3, height, width };
  const png = await sharp(interleaved(picture), { raw })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
  try {
    await writeFileAtomically(path, png);
  } catch (error) {
    throw new DataError(
      `${who}: expected a file that can be written, received ${systemReason(path, error, 'write')}.`,
      {
        cause: error,
      },
    );
  }
}

function checkPicture(who: string, picture: unknown): void {
  const { data, shape } = (picture ?? {}) as Record<string, unknown>;
  const sizes: unknown[] = Array.isArray(shape) ? [...shape] : [];
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) > 0;
  const good = sizes.length === 3 && sizes.every(isSize) && (sizes[0] === 1 || sizes[0] === 3);
  const size = (sizes as number[]).reduce((product, side) => product * side, 1);
  if (good && data instanceof Uint8Array && data.length === size) return;
  throw new InvalidArgumentError(
    `${who}: expected a picture { data: Uint8Array, shape: [1 or 3, height, width] } with a byte for each value, received ` +
      `${describe(picture)} with data ${describe(data)} and shape ${describe(shape)}.`,
  );
}

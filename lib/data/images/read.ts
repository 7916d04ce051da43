import type { Sharp } from 'sharp';
import { DataError, InvalidArgumentError } from '../../errors/index.js';
import { checkChoice } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { readRegularFile } from '../../util/read-file.js';
import { systemReason } from '../../util/system-reason.js';
import { loadSharp } from './load-sharp.js';
import { type Picture, planar } from './picture.js';

const WHO = 'images.read';
/** Pixels of a side after resizing. */
export const MOST_SIDE = 16_384;
/** Pixels of a side in the file, as many as JPEG can have. PNG could claim 2^31, of which the decoder complains on stderr. */
const MOST_FILE_SIDE = 65_535;
/** Pixels in the file. A few hundred kilobytes can hold as many of one colour, and take 3 bytes each in memory, twice over. */
const MOST_FILE_PIXELS = 2 ** 27;
const FITS = ['fill', 'cover', 'contain'] as const;

/** Options of `images.read`. */
export interface ReadPictureOptions {
  /**
   * Rows to resize to.
   * @default with `width` what keeps the proportions, else the picture's own
   */
  height?: number;
  /**
   * Columns to resize to.
   * @default with `height` what keeps the proportions, else the picture's own
   */
  width?: number;
  /**
   * 1 for grey (luminance in linear light, not PIL's luma), 3 for red, green and blue.
   * @default 3
   */
  channels?: 1 | 3;
  /**
   * What becomes of other proportions: `'fill'` stretches, `'cover'` cuts off what juts out on both sides, `'contain'`
   * leaves black bars.
   * @default 'fill'
   */
  fit?: (typeof FITS)[number];
}

/**
 * Reads a JPEG, PNG or WebP picture of at most 2^27 pixels and resizes it. Turned as its EXIF data says; what is transparent is laid on white.
 * Needs the package sharp (`npm install sharp`). It shrinks by Lanczos's kernel, about the centre; it enlarges as its
 * library libvips does, by a bicubic kernel and half a pixel of the result to the right and down.
 *
 * ```ts
 * const { data } = await images.read('digit.jpg', { height: 32, width: 32, channels: 1 });
 * const { data: probabilities } = await model.predict(data);
 * ```
 *
 * @param source path of a file, or its bytes
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when there is no such file, it is not such a picture or damaged, or sharp is not installed
 */
export async function read(source: string | Uint8Array, options: ReadPictureOptions = {}): Promise<Picture> {
  checkOptions(WHO, options, ['height', 'width', 'channels', 'fit']);
  const { channels = 3, fit = 'fill' } = options;
  const height = checkSide('height', options.height);
  const width = checkSide('width', options.width);
  checkChoice(WHO, 'fit', fit, FITS);
  if (channels !== 1 && channels !== 3) {
    throw new InvalidArgumentError(
      `${WHO}: expected 1 (grey) or 3 (red, green, blue) for channels, received ${describe(channels)}.`,
    );
  }
  const bytes = await bytesOf(source);
  const name = typeof source === 'string' ? source : 'the picture';
  checkKind(name, bytes);
  const sharp = await loadSharp(WHO);
  const pipeline = sharp(bytes, { limitInputPixels: MOST_FILE_PIXELS }).rotate().flatten({ background: 'white' });
  if (height !== undefined || width !== undefined) {
    if (height === undefined || width === undefined) await checkOtherSide(name, pipeline, { height, width });
    const sides = { ...(height !== undefined && { height }), ...(width !== undefined && { width }) };
    // One side alone would leave the other as it is with 'fill'.
    const both = height !== undefined && width !== undefined;
    pipeline.resize({ ...sides, fit: both ? fit : 'cover', background: 'black' });
  }
  return decode(name, pipeline.toColourspace(channels === 1 ? 'b-w' : 'srgb'), channels);
}

async function decode(name: string, pipeline: Sharp, channels: 1 | 3): Promise<Picture> {
  try {
    const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) throw new Error(`${info.channels} channels`);
    return planar(data, [channels, info.height, info.width]);
  } catch (error) {
    // Of several lines of the decoder, the first says what is wrong.
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new DataError(
      `${WHO}: expected a whole picture, received ${name} with this fault: ${reason}. ${wayOut(reason)}`,
      {
        cause: error,
      },
    );
  }
}

function wayOut(reason = ''): string {
  if (reason.includes('pixel limit')) return 'Make it smaller first.';
  if (reason.includes('out of range')) return 'Ask for a size nearer to its own.';
  return 'The file is damaged: fetch it again.';
}

/** The side that follows from the other by the picture's proportions. */
async function checkOtherSide(
  name: string,
  pipeline: Sharp,
  { height, width }: { readonly height: number | undefined; readonly width: number | undefined },
): Promise<void> {
  const own = await pipeline.metadata().catch(() => undefined); // decoding says what is wrong
  if (!own?.width || !own.height) return;
  const [rows, columns] = (own.orientation ?? 1) >= 5 ? [own.width, own.height] : [own.height, own.width];
  const [other, side] =
    height === undefined ? ['rows', ((width ?? 0) * rows) / columns] : ['columns', (height * columns) / rows];
  if (side <= MOST_SIDE) return;
  throw new InvalidArgumentError(
    `${WHO}: expected at most ${MOST_SIDE} ${other} after resizing, received ${Math.round(side)} for ${name} of ${rows} x ${columns}. ` +
      'Ask for less, or for both height and width.',
  );
}

async function bytesOf(source: unknown): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (typeof source !== 'string' || source === '') {
    throw new InvalidArgumentError(
      `${WHO}: expected the path of a picture or its bytes (Uint8Array), received ${describe(source)}.`,
    );
  }
  try {
    return await readRegularFile(source);
  } catch (error) {
    throw new DataError(`${WHO}: expected a readable file, received ${systemReason(source, error)}.`, { cause: error });
  }
}

/** By the first bytes, before a decoder sees the rest. */
function checkKind(name: string, bytes: Uint8Array): void {
  const text = String.fromCharCode(...bytes.subarray(0, 12));
  const isJpeg = text.startsWith('\xff\xd8\xff');
  const isPng = text.startsWith('\x89PNG\r\n\x1a\n');
  const isWebp = text.startsWith('RIFF') && text.endsWith('WEBP');
  if (isPng) checkSides(name, bytes);
  if (isJpeg || isPng || isWebp) return;
  throw new DataError(
    `${WHO}: expected a JPEG, PNG or WebP picture, received ${name}, which begins otherwise. Convert it first.`,
  );
}

/** As the first chunk of a PNG file says, which is of fixed form. */
function checkSides(name: string, bytes: Uint8Array): void {
  if (bytes.length < 24) return; // cut short: the decoder says so
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width <= MOST_FILE_SIDE && height <= MOST_FILE_SIDE) return;
  throw new DataError(
    `${WHO}: expected a picture of at most ${MOST_FILE_SIDE} rows and columns, received ${name} of ${height} x ${width}. ` +
      'The file is damaged, or to be made smaller first.',
  );
}

function checkSide(name: string, side: unknown): number | undefined {
  if (side === undefined) return undefined;
  if (Number.isInteger(side) && (side as number) >= 1 && (side as number) <= MOST_SIDE) return side as number;
  throw new InvalidArgumentError(
    `${WHO}: expected an integer from 1 to ${MOST_SIDE} for ${name}, received ${describe(side)}.`,
  );
}

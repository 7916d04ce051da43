import assert from 'node:assert/strict';
import { DataError, images } from 'cnnative';
import type { Format } from '../format.js';

const PIXELS = Uint8Array.from({ length: 12 * 9 * 3 }, (_, i) => (7 * i) % 256);
const latin1 = (text: string) => Buffer.from(text, 'latin1');

async function samples(): Promise<Buffer[]> {
  const { default: sharp } = await import('sharp');
  const picture = sharp(PIXELS, { raw: { width: 12, height: 9, channels: 3 } });
  const turned = picture.clone().withMetadata({ orientation: 6 });
  return Promise.all([
    picture.clone().png().toBuffer(),
    picture.clone().png({ palette: true, progressive: true }).toBuffer(),
    picture.clone().ensureAlpha(0.5).png().toBuffer(),
    turned.clone().jpeg().toBuffer(),
    turned.clone().jpeg({ progressive: true }).toBuffer(),
    picture.clone().webp().toBuffer(),
    turned.clone().ensureAlpha(0.5).webp({ lossless: true }).toBuffer(),
  ]);
}

/** JPEG, PNG and WebP, by the package sharp. */
export const pictures: Format = {
  name: 'pictures',
  errors: [DataError],
  // Decoders hold interlaced and progressive pictures whole: 4 bytes for each of 2^27 pixels.
  mostMemory: 640 * 2 ** 20,
  samples,
  words: [
    ...['IHDR', 'IDAT', 'IEND', 'PLTE', 'tRNS', 'eXIf', 'iCCP', 'acTL', 'RIFF', 'WEBP', 'VP8 ', 'VP8L', 'VP8X', 'ANIM'],
    ...['\xff\xd8\xff', '\xff\xc0', '\xff\xc4', '\xff\xda', '\xff\xd9', '\xff\xe1', 'Exif\0\0', '\x89PNG\r\n\x1a\n'],
  ].map(latin1),
  // Resized: a damaged header may claim a large picture that can be read.
  read: async ({ bytes }) => {
    const { data, shape } = await images.read(bytes, { height: 8, width: 8 });
    assert.deepEqual(shape, [3, 8, 8]);
    assert.equal(data.length, 192);
  },
};

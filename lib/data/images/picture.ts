import { native } from '../../native.js';

/** A picture in memory. `model.predict(picture.data)` takes it as it is. */
export interface Picture {
  /** Planes of the channels one after another, each row by row: `shape` in order, 0 to 255. */
  readonly data: Uint8Array;
  /** `[channels, height, width]`: 1 channel is grey, 3 are red, green and blue. */
  readonly shape: readonly [number, number, number];
}

/** Pixels from planes, as models take them, to interleaved, as picture files hold them. */
export function interleaved({ data, shape: [channels, height, width] }: Picture): Uint8Array {
  const size = height * width;
  const out = new Uint8Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) out[i * channels + c] = data[c * size + i] as number;
  }
  return out;
}

/** And back. */
export function planar(pixels: Uint8Array, shape: Picture['shape']): Picture {
  const data = new Uint8Array(pixels.length);
  native.toPlanes(pixels, shape[0], data);
  return { data, shape };
}

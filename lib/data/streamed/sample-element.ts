/** What samples consist of: pixels from 0 to 255, or finite numbers. */
export type SampleElement = 'uint8' | 'float32';

export function newSamples(element: SampleElement, length: number): Uint8Array | Float32Array {
  return element === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
}

/** Bytes of one value. */
export function bytesOf(element: SampleElement): number {
  return element === 'uint8' ? 1 : 4;
}

/** Index of the first value that is no finite number, or -1. Pixels all are. */
export function firstNotFinite(samples: Uint8Array | Float32Array): number {
  if (samples instanceof Uint8Array) return -1;
  for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i])) return i;
  return -1;
}

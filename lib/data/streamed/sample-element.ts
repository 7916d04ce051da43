/** What samples consist of: pixels from 0 to 255, or finite numbers. */
export type SampleElement = 'uint8' | 'float32';

export function newSamples(element: SampleElement, length: number): Uint8Array | Float32Array {
  return element === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
}

/**
 * Whether the memory of an array is gone: given away, as `postMessage` and `structuredClone` do with what they transfer, or resized so
 * that the array lies beyond its end. Its length is 0 then.
 */
export function isDetached(array: Uint8Array | Float32Array | Float64Array | Int32Array): boolean {
  try {
    array.keys();
    return false;
  } catch {
    return true; // all that this method can refuse
  }
}

/** Whether the memory of an array was given away, as `postMessage` and `structuredClone` do with what they transfer. */
export function isDetached(array: ArrayBufferView): boolean {
  try {
    new Uint8Array(array.buffer);
    return false;
  } catch {
    return true; // the only thing this constructor can refuse here
  }
}

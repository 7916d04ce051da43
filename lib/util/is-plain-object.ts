/**
 * Whether a value is an object literal or alike: not an array, a `Map`, an `AbortSignal` or another object with a meaning
 * of its own, in which all names would be absent.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  // By depth, not identity: literals of another realm, such as a vm's, have another Object.prototype.
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

import type { Model, Weight } from '../model/model.js';

/** Weights as plain data: values as base64 of little-endian float32. */
export type StoredWeights = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: string }>>;

export async function storeWeights(model: Model): Promise<StoredWeights> {
  const weights = Object.entries(await model.getWeights());
  return Object.fromEntries(
    weights.map(([name, { data, shape }]) => [name, { shape: [...shape], values: encode(data) }]),
  );
}

export async function setStoredWeights(model: Model, stored: StoredWeights): Promise<void> {
  const weights = Object.entries(stored).map(([name, { shape, values }]): [string, Weight] => [
    name,
    { shape, data: decode(values) },
  ]);
  await model.setWeights(Object.fromEntries(weights));
}

function encode({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function decode(text: string): Float32Array {
  // A copy of its own, aligned to its elements.
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}

import type { Dataset } from 'cnnative';

/** A set of bytes so many times over, as one. */
export function repeated(set: Dataset, times: number): Dataset {
  const images = new Uint8Array(times * set.images.length);
  const labels = new Int32Array(times * set.size);
  for (let i = 0; i < times; i++) {
    images.set(set.images, i * set.images.length);
    labels.set(set.labels, i * set.size);
  }
  return { ...set, images, labels, size: labels.length };
}

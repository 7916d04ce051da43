import type { Philox } from './philox.js';

/** So many different indices below `count` in rising order, or all of them. */
export function someIndices(random: Philox, count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  const chosen = new Set<number>();
  while (chosen.size < most) chosen.add(random.nextInt(count));
  return [...chosen].sort((a, b) => a - b);
}

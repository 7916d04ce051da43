import type { Philox } from './philox.js';

/** Puts values in random order, in place (Fisher-Yates). */
export function shuffle(values: Int32Array, random: Philox): void {
  for (let last = values.length - 1; last > 0; last--) {
    const picked = random.nextInt(last + 1);
    const value = values[last] as number;
    values[last] = values[picked] as number;
    values[picked] = value;
  }
}

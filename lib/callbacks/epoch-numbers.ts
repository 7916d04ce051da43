import type { EpochEvent } from '../model/events.js';

/** What tells of an epoch without judging it. */
const PLACES = ['epoch', 'step', 'seconds', 'imagesPerSecond'];

/** The loss and the metrics of an epoch, by name: those of the training, and of the validation with `val` before their names. */
export function judged(event: EpochEvent): Record<string, number> {
  const numbers = Object.entries(event).filter(([name, value]) => typeof value === 'number' && !PLACES.includes(name));
  return Object.fromEntries(numbers);
}

/** `valTopK` of a validation is `topK`; of the training nothing. */
export function validatedName(name: string): string | undefined {
  return /^val[A-Z]/.test(name) ? name.charAt(3).toLowerCase() + name.slice(4) : undefined;
}

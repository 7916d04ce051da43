import type { Philox } from '#lib/util/philox.js';
import type { LooseDescription } from './native-program.js';
import { pick } from './values.js';

const NUMBERS = [
  ...[0, 1, -1, 2, 3, 15, 16, 17, 64, 0.5, 1e-300, 1e300, Number.NaN, Number.POSITIVE_INFINITY],
  ...[2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 46, 2 ** 53, 2 ** 63, -(2 ** 31), -(2 ** 63)],
];
const WORDS = [
  '',
  'x',
  'relu',
  'linear',
  'sample',
  'shared',
  'variable',
  'float64',
  'uint8',
  'prepare',
  'update',
  'sgd',
];
const OTHERS = [null, undefined, true, {}, [], [1, 1], [2 ** 20, 2 ** 20], new Array(3)];

interface Place {
  readonly owner: Record<string, unknown>;
  readonly key: string;
}

/** Spreads buffers out and makes them larger than need be, so that more changes of sizes are good ones. */
export function makeRoom(description: LooseDescription): void {
  const ends = { sample: 0, shared: 0, variable: 0 };
  for (const buffer of description.buffers) {
    const space = buffer.space as keyof typeof ends;
    buffer.elements = (buffer.elements as number) * 4;
    if (space === 'variable') continue;
    buffer.offset = ends[space];
    ends[space] += Math.ceil(((buffer.elements as number) * 4) / 64) * 64;
  }
  description.sampleBytes = ends.sample;
  description.sharedBytes = ends.shared;
}

/** Changes a description in one or two places; the result may be good still, or bad in any way. */
export function mutate(description: LooseDescription, random: Philox): void {
  for (let left = 1 + random.nextInt(2); left > 0; left--) {
    const kind = random.nextInt(12);
    if (kind === 0) rearrange(pick(random, [description.calls, description.buffers]), random);
    else changeValue(pick(random, placesOf(description)), description, random);
  }
}

function changeValue({ owner, key }: Place, description: LooseDescription, random: Philox): void {
  const value = owner[key];
  const kind = random.nextInt(20);
  if (kind === 0) delete owner[key];
  else if (kind === 1) owner[key] = pick<unknown>(random, [...NUMBERS, ...WORDS, ...OTHERS]);
  else if (kind < 6) {
    // What stands under the same name elsewhere: another operand, operator, offset, extent.
    const namesake = pick(
      random,
      placesOf(description).filter((place) => place.key === key),
    );
    owner[key] = structuredClone(namesake.owner[key]);
  } else if (typeof value === 'number') {
    const near = [value - 1, value + 1, value * 2, Math.floor(value / 2), value + 64, value - 64, value * 16];
    owner[key] = pick(random, kind < 16 ? near : NUMBERS);
  } else if (typeof value === 'string') owner[key] = pick(random, WORDS);
}

/** Removes, repeats or swaps entries of a list. */
function rearrange(list: unknown, random: Philox): void {
  // A change before this one may have left no list.
  if (!Array.isArray(list) || list.length === 0) return;
  const [a, b] = [random.nextInt(list.length), random.nextInt(list.length)];
  const kind = random.nextInt(3);
  if (kind === 0) list.splice(a, 1);
  else if (kind === 1) list.splice(b, 0, structuredClone(list[a]));
  else [list[a], list[b]] = [list[b], list[a]];
}

/** Every value within a value, and where it is. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const owner = value as Record<string, unknown>;
  return Object.keys(owner).flatMap((key) => [{ owner, key }, ...placesOf(owner[key])]);
}

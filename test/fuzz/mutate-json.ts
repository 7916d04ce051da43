import type { Philox } from '#lib/util/philox.js';
import { pick } from '../helpers/values.js';

const VALUES: readonly unknown[] = [
  ...[0, 1, -1, 2, 3, 0.5, -0.5, 16, 255, 1e-300, 1e300, 2 ** 20 - 1, 2 ** 20, 2 ** 28, 2 ** 31 - 1, 2 ** 31, 2 ** 32],
  ...[2 ** 40, 2 ** 53, 2 ** 53 - 1, 2 ** 63, -(2 ** 31)],
  ...['', 'x', 'input', 'relu', 'toString', 'constructor', '__proto__', '../../etc/passwd', 'x'.repeat(5000), '\u0000'],
  ...[null, true, false, {}, [], [[]], [1, 1], [0, 0], [2 ** 20, 2 ** 20], [null], new Array(200).fill(1)],
  { length: -1 },
  JSON.parse('{"__proto__": {"type": "dense"}}'),
];
const KEYS = ['__proto__', 'constructor', 'toString', 'name', 'type', 'then', 'x'];

interface Place {
  readonly owner: Record<string, unknown>;
  readonly key: string;
}

/** Changes values of a JSON text in one to three places; it stays JSON. */
export function mutateJson(text: string, random: Philox): string {
  const root = { value: JSON.parse(text) };
  for (let left = 1 + random.nextInt(3); left > 0; left--) change(root, random);
  return JSON.stringify(root.value ?? null);
}

function change(root: object, random: Philox): void {
  const places = placesOf(root);
  if (places.length === 0) return;
  const { owner, key } = pick(random, places);
  const kind = random.nextInt(10);
  const value = owner[key];
  if (kind === 0) delete owner[key];
  else if (kind === 1 && !Array.isArray(owner)) owner[pick(random, KEYS)] = hostile(random);
  else if (kind < 4) owner[key] = structuredClone(valueAt(pick(random, places)));
  else if (kind === 4 && Array.isArray(owner)) owner.splice(Number(key), 0, structuredClone(value));
  else if (kind < 7 && typeof value === 'number') {
    owner[key] = pick(random, [value + 1, value - 1, -value, value * 2, value / 2, value * 65536]);
  } else owner[key] = hostile(random);
}

/** A copy: it may be changed in its turn. */
function hostile(random: Philox): unknown {
  return structuredClone(pick(random, VALUES));
}

function valueAt({ owner, key }: Place): unknown {
  return owner[key];
}

/** Every value within a value, and where it is. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const owner = value as Record<string, unknown>;
  return Object.keys(owner).flatMap((key) => [{ owner, key }, ...placesOf(owner[key])]);
}

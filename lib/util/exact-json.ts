import { isPlainObject } from './is-plain-object.js';

/** Numbers that JSON has no words for, by the words they have here. */
const NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/**
 * Plain data as JSON from which the same data comes back to the bit: NaN, infinities, -0 and undefined elements too. `Float32Array`s are
 * put into `arrays` and stand as their place in it. Names of the data's own that begin with $ have another in front.
 *
 * @throws TypeError for what is no plain data, such as functions or instances of classes
 */
export function toExactJson(value: unknown, arrays: Float32Array[]): string {
  return JSON.stringify(encode(value, arrays));
}

/** What `toExactJson` was given. @throws SyntaxError unless it is its text */
export function fromExactJson(text: string, arrays: readonly Float32Array[]): unknown {
  return decode(JSON.parse(text), arrays);
}

function encode(value: unknown, arrays: Float32Array[]): unknown {
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { $number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (value === undefined) return { $undefined: true };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Float32Array) return { $array: arrays.push(value) - 1 };
  if (Array.isArray(value)) return value.map((one) => encode(one, arrays));
  if (isPlainObject(value)) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return Object.fromEntries(entries.map(([key, one]) => [key.replace(/^\$/, '$$$$'), encode(one, arrays)]));
  }
  throw new TypeError(`expected plain data or Float32Array, received ${typeof value} ${String(value)}`);
}

function decode(value: unknown, arrays: readonly Float32Array[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => decode(one, arrays));
  const { $number, $array, $undefined } = value as { $number?: string; $array?: number; $undefined?: true };
  if ($undefined) return undefined;
  if ($number !== undefined) return NUMBERS[$number];
  if ($array !== undefined) return arrays[$array];
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.replace(/^\$\$/, '$'), decode(one, arrays)]),
  );
}

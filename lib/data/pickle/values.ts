/** What a pickle may hold here. Python's lists and tuples are arrays; its byte strings and bytes are `Uint8Array`s. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleList
  | PickleDict
  | NumpyArray
  | NumpyType
  | PickleGlobal;

export interface PickleList extends Array<PickleValue> {}

/** A dict by the text of its keys, whether they were `str` or `bytes`. */
export interface PickleDict extends Map<string, PickleValue> {}

export type NumpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** A numpy array, rows first whatever its order in the file. Without elements until its state has been read. */
export class NumpyArray {
  data: NumpyData = new Uint8Array(0);
  shape: readonly number[] = [];
}

/** A numpy dtype such as `u1`. */
export class NumpyType {
  littleEndian = true;

  constructor(readonly code: string) {}
}

/** A name that the file refers to; known ones only. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** The kind of a value, for "received ..." in a message. */
export function kindOf(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return 'a string';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return 'a dict';
  if (value instanceof NumpyArray) return `a numpy array [${value.shape.join(', ')}]`;
  return value instanceof NumpyType ? 'a dtype' : value.name;
}

/** The text of a `str`, or of `bytes` as Python 2 wrote its strings. */
export function textOf(value: PickleValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}

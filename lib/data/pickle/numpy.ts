import { Buffer } from 'node:buffer';
import { toHostOrder } from '../byte-order.js';
import { kindOf, NumpyArray, type NumpyData, NumpyType, PickleGlobal, type PickleValue } from './values.js';

/** What of the pickle machine these functions use. */
export interface Machine {
  /** Counts bytes copied against what a file of this size may ask for. */
  charge(bytes: number): void;
  fail(expected: string, received: string): never;
}

const ENCODE = '_codecs.encode';
const NDARRAY = 'numpy.ndarray';
const DTYPE = 'numpy.dtype';
/** Names of numpy 1 and numpy 2. */
const RECONSTRUCT = ['numpy.core.multiarray._reconstruct', 'numpy._core.multiarray._reconstruct'];
/** What protocol 5 makes arrays with. */
const FROM_BUFFER = ['numpy.core.numeric._frombuffer', 'numpy._core.numeric._frombuffer'];

/** All that a pickle may name. None of it is run: `call` and `setState` say what each means here. */
export const GLOBALS: ReadonlySet<string> = new Set([ENCODE, NDARRAY, DTYPE, ...RECONSTRUCT, ...FROM_BUFFER]);

const MOST_DIMENSIONS = 32;

/** Views of the dtypes of numbers, by their codes. */
export const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer) => NumpyData>> = {
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
  f4: Float32Array,
  f8: Float64Array,
};

/** Stands for the call that REDUCE asks for. */
export function call(machine: Machine, callee: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
  if (!(callee instanceof PickleGlobal)) return machine.fail('a name to call', kindOf(callee));
  if (!Array.isArray(args)) return machine.fail(`a tuple of arguments for ${callee.name}`, kindOf(args));
  const { name } = callee;
  if (name === ENCODE) return encode(machine, args);
  if (name === DTYPE) return dtype(machine, args);
  if (RECONSTRUCT.includes(name)) return emptyArray(machine, args);
  if (FROM_BUFFER.includes(name)) return fromBuffer(machine, args);
  return machine.fail('a function to call', name);
}

/** Stands for the `__setstate__` that BUILD asks for. */
export function setState(machine: Machine, value: PickleValue | undefined, state: PickleValue | undefined): void {
  if (!Array.isArray(state)) machine.fail('a tuple for the state of an array or a dtype', kindOf(state));
  if (value instanceof NumpyType) {
    // (version, byte order, ...): the rest is of structured types, which have no code of ours.
    value.littleEndian = byteOrder(machine, value.code, state[1]);
  } else if (value instanceof NumpyArray) {
    if (state.length !== 5) machine.fail('5 parts of the state of an array', kindOf(state));
    const [, shape, type, byColumns, bytes] = state;
    if (typeof byColumns !== 'boolean') machine.fail("True or False for an array's order", kindOf(byColumns));
    fill(machine, value, { shape, type, byColumns, bytes });
  } else machine.fail('an array or a dtype to set the state of', kindOf(value));
}

/** How Python 3 writes bytes in protocol 2: as the text of their Latin-1 characters. */
function encode(machine: Machine, args: readonly PickleValue[]): Uint8Array {
  const [text, encoding] = args;
  if (typeof text !== 'string' || encoding !== 'latin1') {
    return machine.fail(`a string and 'latin1' for ${ENCODE}`, kindOf([...args]));
  }
  machine.charge(text.length);
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) return machine.fail(`characters of Latin-1 for ${ENCODE}`, 'others');
  }
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function dtype(machine: Machine, args: readonly PickleValue[]): NumpyType {
  const [given] = args;
  const code = given instanceof Uint8Array && given.length === 2 ? String.fromCharCode(...given) : given;
  if (typeof code === 'string' && Object.hasOwn(VIEWS, code)) return new NumpyType(code);
  const received = typeof code === 'string' ? JSON.stringify(code.slice(0, 20)) : kindOf(code);
  return machine.fail(`a dtype of numbers (${Object.keys(VIEWS).join(', ')})`, received);
}

function byteOrder(machine: Machine, code: string, given: PickleValue | undefined): boolean {
  const order = given instanceof Uint8Array && given.length === 1 ? String.fromCharCode(...given) : given;
  if (order === '<' || (order === '|' && code.endsWith('1'))) return true;
  if (order === '>') return false;
  return machine.fail(`'<', '>' or '|' for the byte order of ${code}`, kindOf(given));
}

function emptyArray(machine: Machine, args: readonly PickleValue[]): NumpyArray {
  const [type] = args;
  if (type instanceof PickleGlobal && type.name === NDARRAY) return new NumpyArray();
  return machine.fail(`${NDARRAY} for the class of an array`, kindOf(type));
}

function fromBuffer(machine: Machine, args: readonly PickleValue[]): NumpyArray {
  const [bytes, type, shape, order] = args;
  if (args.length !== 4 || (order !== 'C' && order !== 'F')) {
    return machine.fail("4 arguments for an array, the last one 'C' or 'F'", kindOf([...args]));
  }
  const array = new NumpyArray();
  fill(machine, array, { shape, type, byColumns: order === 'F', bytes });
  return array;
}

interface ArrayState {
  readonly shape: PickleValue | undefined;
  readonly type: PickleValue | undefined;
  readonly byColumns: boolean;
  readonly bytes: PickleValue | undefined;
}

function fill(machine: Machine, array: NumpyArray, { shape, type, byColumns, bytes }: ArrayState): void {
  if (!(type instanceof NumpyType)) machine.fail('a dtype for the elements of an array', kindOf(type));
  if (!(bytes instanceof Uint8Array)) machine.fail('bytes for the elements of an array', kindOf(bytes));
  const sizes = checkShape(machine, shape);
  const itemBytes = Number(type.code[1]);
  const expected = sizes.reduce((product, size) => product * size, itemBytes);
  const shapeText = `[${sizes.join(', ')}] of ${type.code}`;
  if (bytes.length !== expected) {
    machine.fail(`${expected} bytes for an array ${shapeText}`, `${bytes.length}`);
  }
  array.shape = sizes;
  array.data = elements(machine, bytes, type);
  if (!byColumns || sizes.length < 2) return;
  machine.charge(bytes.length);
  array.data = toRowsFirst(array.data, sizes);
}

function checkShape(machine: Machine, shape: PickleValue | undefined): number[] {
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 0;
  if (Array.isArray(shape) && shape.length <= MOST_DIMENSIONS && shape.every(isSize)) return [...(shape as number[])];
  return machine.fail(`at most ${MOST_DIMENSIONS} sizes for the shape of an array`, kindOf(shape));
}

/** Bytes as they lie in the file, as numbers. Single bytes stay where they are. */
function elements(machine: Machine, bytes: Uint8Array, { code, littleEndian }: NumpyType): NumpyData {
  if (code === 'u1') return bytes;
  machine.charge(bytes.length);
  const copy = toHostOrder(Buffer.from(Uint8Array.from(bytes).buffer), Number(code[1]), littleEndian);
  const View = VIEWS[code] as new (buffer: ArrayBuffer) => NumpyData;
  return new View(copy.buffer as ArrayBuffer);
}

/** From columns first (Fortran's order, last dimension slowest) to rows first. */
function toRowsFirst<Data extends NumpyData>(data: Data, shape: readonly number[]): Data {
  const out = data.slice() as Data;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const position = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    out[to] = data[from] as number & bigint;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      position[axis] = (position[axis] as number) + 1;
      from += stride;
      if ((position[axis] as number) < (shape[axis] as number)) break;
      from -= stride * (shape[axis] as number);
      position[axis] = 0;
    }
  }
  return out;
}

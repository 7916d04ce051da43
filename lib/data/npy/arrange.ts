import { setImmediate } from 'node:timers/promises';
import { native } from '../../native.js';
import { sizeOf } from '../../util/shape.js';
import { toHostOrder } from '../byte-order.js';
import { VIEWS } from '../pickle/numpy.js';
import type { NumpyData } from '../pickle/values.js';
import type { NpyArray } from './read.js';

/** Copied in one turn, some milliseconds of work: timers and requests of the process are served between. */
const BYTES_PER_TURN = 2 ** 24;

/** Items of an array in the order asked for, as numbers of this machine. */
export interface Arranged {
  readonly data: NumpyData;
  readonly shape: readonly number[];
}

/**
 * The items of an array rows first, with its axes in another order. Copied natively, and only if need be; `bool` becomes
 * bytes of 0 and 1.
 *
 * @param axes which axis of the array each axis of the result is; as they are when left out
 */
export async function arrange(array: NpyArray, axes = array.shape.map((_, axis) => axis)): Promise<Arranged> {
  const { itemBytes, littleEndian, type } = array;
  const shape = axes.map((axis) => array.shape[axis] as number);
  const strides = stridesOf(array);
  const bytes = await rowsFirst(
    array,
    shape,
    axes.map((axis) => strides[axis] as number),
  );
  toHostOrder(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), itemBytes, littleEndian);
  const View = VIEWS[type === 'b1' ? 'u1' : type] as new (buffer: ArrayBuffer) => NumpyData;
  return { data: new View(bytes.buffer), shape };
}

/** Distance in items between neighbours along each axis. */
function stridesOf({ shape, fortranOrder }: NpyArray): number[] {
  return shape.map((_, axis) => sizeOf(fortranOrder ? shape.slice(0, axis) : shape.slice(axis + 1)));
}

async function rowsFirst(
  { bytes, itemBytes }: NpyArray,
  shape: readonly number[],
  strides: readonly number[],
): Promise<Uint8Array<ArrayBuffer>> {
  const inOrder = shape.every((size, axis) => size === 1 || strides[axis] === sizeOf(shape.slice(axis + 1)));
  if (inOrder || bytes.length === 0) return bytes;
  const out = new Uint8Array(bytes.length);
  const first = shape[0] as number;
  const rowBytes = bytes.length / first;
  const rows = Math.max(1, Math.floor(BYTES_PER_TURN / rowBytes));
  for (let begin = 0; begin < first; begin += rows) {
    const end = Math.min(first, begin + rows);
    const part = out.subarray(begin * rowBytes, end * rowBytes);
    native.rearrange(part, bytes, itemBytes, shape, strides, begin, end);
    await setImmediate();
  }
  return out;
}

/** A dtype of numbers. */
export interface Dtype {
  /** Without its byte order, such as `f4`. */
  readonly type: string;
  readonly itemBytes: number;
  readonly littleEndian: boolean;
}

/** Bytes of one item by its dtype, without the byte order: all that `descr` may say. */
const ITEM_BYTES: Readonly<Record<string, number>> = {
  ...{ b1: 1, u1: 1, i1: 1, u2: 2, i2: 2, u4: 4, i4: 4, u8: 8, i8: 8, f4: 4, f8: 8 },
};

/** What the `descr` of a header says, such as `<f4`; `undefined` unless it is of numbers. */
export function dtypeOf(descr: string): Dtype | undefined {
  const [order, type] = [descr.slice(0, 1), descr.slice(1)];
  const itemBytes = Object.hasOwn(ITEM_BYTES, type) ? ITEM_BYTES[type] : undefined;
  if (itemBytes === undefined || !(order === '<' || order === '>' || (order === '|' && itemBytes === 1))) {
    return undefined;
  }
  return { type, itemBytes, littleEndian: order !== '>' };
}

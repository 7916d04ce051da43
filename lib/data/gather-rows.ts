/** Rows of so many values, one after another in the order of their indices. */
export function gatherRows<Values extends Uint8Array | Int32Array | Float32Array>(
  values: Values,
  indices: Int32Array,
  row: number,
): Values {
  const gathered = new (values.constructor as new (length: number) => Values)(indices.length * row);
  for (let i = 0; i < indices.length; i++) {
    const first = (indices[i] as number) * row;
    gathered.set(values.subarray(first, first + row), i * row);
  }
  return gathered;
}

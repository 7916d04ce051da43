/** Sizes of the axes of one sample; the batch is not among them. */
export type Shape = readonly number[];

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether samples of a shape are maps: `[C, H, W]` of more than one pixel. */
export function isMap(shape: Shape): boolean {
  return shape.length === 3 && sizeOf(shape) > (shape[0] as number);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && [...a].every((size, i) => size === b[i]); // a copy: every() skips holes
}

/** Such as `[1, 28, 28]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Numbers drawn from integer formulas, the same in tools/fixtures: a permutation of 32-bit integers (MurmurHash3's end). */
function mix(x: number): number {
  let y = x ^ (x >>> 16);
  y = Math.imul(y, 0x85ebca6b);
  y ^= y >>> 13;
  y = Math.imul(y, 0xc2b2ae35);
  return (y ^ (y >>> 16)) >>> 0;
}

/** The number of a stream at an index, an integer from 0 to 2^32 - 1. */
export function draw(stream: number, index: number): number {
  return mix((mix(stream) + index) >>> 0);
}

/** A number in [-1, 1), exact in float32. */
export function drawSigned(stream: number, index: number): number {
  return (draw(stream, index) >>> 8) / 2 ** 23 - 1;
}

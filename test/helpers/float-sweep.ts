import type { Philox } from '#lib/util/philox.js';

/**
 * Float32 values of every magnitude: both zeros, infinities, NaN, denormals, and for each exponent and sign its ends and
 * some values between; together a multiple of `multiple` of them.
 */
export function sweepFloats(random: Philox, perExponent: number, multiple: number): Float32Array {
  const bits: number[] = [0, 0x7f800000, 0x7fc00000, 0x00000001, 0x007fffff];
  for (let exponent = 1; exponent < 255; exponent++) {
    bits.push(exponent << 23, (exponent << 23) | 0x7fffff);
    for (let i = 0; i < perExponent; i++) bits.push((exponent << 23) | (random.nextUint32() >>> 9));
  }
  const both = bits.flatMap((word) => [word, word | 0x80000000]);
  while (both.length % multiple !== 0) both.push(0x3f800000);
  return new Float32Array(Int32Array.from(both).buffer);
}

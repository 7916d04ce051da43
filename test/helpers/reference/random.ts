import { type PhiloxBlock, philox4x32 } from '#lib/util/philox.js';

/** Whose numbers are drawn, as native calls are told. */
export interface Place {
  readonly key0: number;
  readonly key1: number;
  readonly stream: number;
  readonly step: number;
}

/** The upper 24 bits of the words of four units of a sample. */
function drawsOf({ key0, key1, stream, step }: Place, sample: number, block: number): PhiloxBlock {
  return philox4x32([sample, block, step % 2 ** 32, stream], [key0, key1]).map((word) => word >>> 8) as PhiloxBlock;
}

/** Which units `[samples, units]` a rate keeps. */
export function keptUnits(place: Place, samples: number, units: number, rate: number): boolean[] {
  return Array.from({ length: samples * units }, (_, i) => {
    const [sample, unit] = [Math.floor(i / units), i % units];
    return (drawsOf(place, sample, unit >> 2)[unit & 3] as number) >= Math.round(rate * 2 ** 24);
  });
}

/** Normally distributed numbers `[samples, units]`, by Box and Muller from pairs of words. */
export function normalUnits(place: Place, samples: number, units: number): Float64Array {
  return Float64Array.from({ length: samples * units }, (_, i) => {
    const [sample, unit] = [Math.floor(i / units), i % units];
    const draws = drawsOf(place, sample, unit >> 2);
    const [a, b] = [draws[unit & 2] as number, draws[(unit & 2) + 1] as number];
    const [radius, angle] = [Math.sqrt(-2 * Math.log((a + 1) / 2 ** 24)), (2 * Math.PI * b) / 2 ** 24];
    return radius * (unit % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
}

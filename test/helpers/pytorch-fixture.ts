import { readFileSync } from 'node:fs';
import { sizeOf } from '#lib/util/shape.js';
import { drawSigned } from './draw.js';

/** What one of the tools/fixtures wrote. */
export function readFixture<Case>(name: string): readonly Case[] {
  const text = readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly cases: readonly Case[] }).cases;
}

/** The float32 values of a fixture's base64. */
export function decode(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** Values from `shift - scale` to `shift + scale`. */
export function drawArray(stream: number, shape: readonly number[], scale = 1, shift = 0) {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => drawSigned(stream, i) * scale + shift);
  return { data, shape: [...shape] };
}

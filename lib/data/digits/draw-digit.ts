import type { Philox } from '../../util/philox.js';
import type { Canvas } from './canvas.js';
import { PIXELS, SIDE } from './canvas.js';
import { DIGIT_SHAPES, type Stroke } from './shapes.js';

/**
 * Only + - * /, Math.sqrt, Math.floor, Math.min and Math.max are used on the way from seed to pixel: IEEE 754 fixes
 * their results to the bit, so the same seed gives the same images on every machine. Math.sin, exp and the like may differ.
 */

const PIECES_PER_SPAN = 4;
const BOX = 100;

/** How one digit is put on paper: the hand, the pen and the paper. */
interface Hand {
  /** Pixel of a point of the box: x = x0 + xx * u + xy * v + bend * v * v, with u and v from -1 to 1. */
  readonly x0: number;
  readonly xx: number;
  readonly xy: number;
  readonly bend: number;
  readonly y0: number;
  readonly yx: number;
  readonly yy: number;
  /** How far points stray from their place, in units of the box. */
  readonly jitter: number;
  /** Half the pen's width in pixels, and its change along a stroke. */
  readonly radius: number;
  readonly taper: number;
  /** Width of the pen's edge in pixels. */
  readonly softness: number;
  /** Brightness of the ink, and the largest noise added, of 255. */
  readonly ink: number;
  readonly noise: number;
}

/** Draws a digit in a random hand as `PIXELS` bytes, white on black, into `out` from `offset` on. */
export function drawDigit(digit: number, random: Philox, canvas: Canvas, out: Uint8Array, offset: number): void {
  const shapes = DIGIT_SHAPES[digit] ?? [];
  const shape = shapes[random.nextInt(shapes.length)] ?? [];
  const hand = randomHand(random);
  canvas.clear();
  for (const stroke of shape) drawStroke(stroke, hand, random, canvas);
  develop(canvas, hand, random, out, offset);
}

function randomHand(random: Philox): Hand {
  const tilt = bell(random, 0.14);
  const slant = between(random, -0.2, 0.5);
  const width = between(random, 8, 11);
  const height = between(random, 8, 10.5);
  return {
    x0: SIDE / 2 + between(random, -2, 2),
    xx: width,
    xy: -(slant + tilt) * height,
    bend: bell(random, 1.5),
    y0: SIDE / 2 + between(random, -2, 2),
    yx: tilt * width,
    yy: height,
    jitter: between(random, 2, 8),
    radius: between(random, 0.6, 1.6),
    taper: between(random, -0.35, 0.35),
    softness: between(random, 0.8, 1.6),
    ink: between(random, 150, 255),
    noise: between(random, 0, 60),
  };
}

function drawStroke(stroke: Stroke, hand: Hand, random: Philox, canvas: Canvas): void {
  const points = placePoints(stroke, hand, random);
  const spans = points.length / 2 - 1;
  const pieces = stroke.smooth ? PIECES_PER_SPAN : 1;
  const radiusAt = (along: number) => hand.radius * (1 + hand.taper * (2 * along - 1));
  for (let span = 0; span < spans; span++) {
    let x0 = at(points, 2 * span);
    let y0 = at(points, 2 * span + 1);
    for (let piece = 1; piece <= pieces; piece++) {
      const t = piece / pieces;
      const x1 = pointOfCurve(points, span, 0, t);
      const y1 = pointOfCurve(points, span, 1, t);
      canvas.line(x0, y0, x1, y1, radiusAt((span + t - 1 / pieces) / spans), radiusAt((span + t) / spans));
      x0 = x1;
      y0 = y1;
    }
  }
}

/** A stroke's points in pixels, each strayed a little from its place. */
function placePoints({ points }: Stroke, hand: Hand, random: Philox): Float64Array {
  const placed = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const u = (at(points, i) + bell(random, hand.jitter)) / (BOX / 2) - 1;
    const v = (at(points, i + 1) + bell(random, hand.jitter)) / (BOX / 2) - 1;
    placed[i] = hand.x0 + hand.xx * u + hand.xy * v + hand.bend * v * v;
    placed[i + 1] = hand.y0 + hand.yx * u + hand.yy * v;
  }
  return placed;
}

/** Catmull-Rom: the curve from point `span` to the next at t from 0 to 1; the ends of a stroke count twice. */
function pointOfCurve(points: Float64Array, span: number, axis: 0 | 1, t: number): number {
  const last = points.length / 2 - 1;
  const p0 = at(points, 2 * Math.max(0, span - 1) + axis);
  const p1 = at(points, 2 * span + axis);
  const p2 = at(points, 2 * (span + 1) + axis);
  const p3 = at(points, 2 * Math.min(last, span + 2) + axis);
  const a = 3 * (p1 - p2) + p3 - p0;
  const b = 2 * p0 - 5 * p1 + 4 * p2 - p3;
  const c = p2 - p0;
  return p1 + (t * (c + t * (b + t * a))) / 2;
}

/** Turns distances into pixels: ink where the pen was, fading over its edge, and noise everywhere. */
function develop(canvas: Canvas, hand: Hand, random: Philox, out: Uint8Array, offset: number): void {
  let bits = 0;
  for (let i = 0; i < PIXELS; i++) {
    // A word serves two pixels; two bytes make a triangular distribution from -1 to 1.
    bits = i % 2 === 0 ? random.nextUint32() : bits >>> 16;
    const noise = ((bits & 0xff) + ((bits >>> 8) & 0xff)) / 255 - 1;
    const coverage = Math.min(1, Math.max(0, 0.5 - (canvas.distances[i] as number) / hand.softness));
    const value = hand.ink * coverage + hand.noise * noise;
    out[offset + i] = Math.min(255, Math.max(0, Math.floor(value + 0.5)));
  }
}

function between(random: Philox, low: number, high: number): number {
  return low + (high - low) * random.nextFloat();
}

/** A bell-shaped number from -2 to 2 times `width`, deviation `width / sqrt(3)`: a sum of uniform ones. */
function bell(random: Philox, width: number): number {
  return width * (random.nextFloat() + random.nextFloat() + random.nextFloat() + random.nextFloat() - 2);
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}

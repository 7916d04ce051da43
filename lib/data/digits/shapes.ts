/**
 * How the ten digits are written: for each a few ways, each way a few strokes of the pen.
 *
 * A stroke is a list of x, y pairs in a box 100 wide and 100 high, y downwards. `line` joins them by straight lines,
 * `curve` by a smooth curve through them (Catmull-Rom).
 */

export interface Stroke {
  readonly smooth: boolean;
  /** x0, y0, x1, y1, ... */
  readonly points: readonly number[];
}

/** One way to write a digit. */
export type Shape = readonly Stroke[];

const line = (...points: number[]): Stroke => ({ smooth: false, points });
const curve = (...points: number[]): Stroke => ({ smooth: true, points });

/** The ways to write each digit, by digit. */
export const DIGIT_SHAPES: readonly (readonly Shape[])[] = [
  // 0: a ring; a narrow ring; a ring begun at the upper right whose ends pass each other
  [
    [curve(50, 0, 24, 14, 15, 50, 24, 86, 50, 100, 76, 86, 85, 50, 76, 14, 50, 0)],
    [curve(50, 0, 32, 14, 26, 50, 32, 86, 50, 100, 68, 86, 74, 50, 68, 14, 50, 0)],
    [curve(62, 6, 38, 4, 18, 34, 18, 70, 40, 98, 68, 92, 84, 58, 78, 20, 56, 2, 40, 8)],
  ],
  // 1: a bar; with a flag; with a flag and a foot
  [[line(50, 0, 50, 100)], [line(30, 22, 54, 0, 54, 100)], [line(32, 20, 52, 0, 52, 100), line(30, 100, 74, 100)]],
  // 2: with a straight foot; with a loop at the lower left; with a wavy foot
  [
    [curve(18, 26, 30, 6, 52, 0, 74, 10, 78, 30, 64, 56, 40, 80, 16, 100), line(16, 100, 86, 100)],
    [curve(20, 20, 44, 0, 72, 10, 74, 36, 56, 64, 30, 92, 14, 92, 18, 78, 40, 82, 62, 98, 86, 92)],
    [curve(16, 18, 40, 0, 70, 6, 76, 30, 52, 62, 18, 98), curve(18, 98, 36, 90, 60, 100, 84, 94)],
  ],
  // 3: round; with a flat top; with a loop at the waist
  [
    [curve(20, 12, 46, 0, 72, 12, 68, 36, 42, 47), curve(42, 47, 72, 56, 80, 78, 52, 100, 16, 88)],
    [line(20, 2, 76, 2, 44, 42), curve(44, 42, 74, 52, 78, 78, 52, 100, 16, 90)],
    [curve(22, 8, 52, 0, 72, 16, 62, 38, 40, 50, 36, 44, 52, 44, 76, 58, 76, 84, 48, 100, 18, 92)],
  ],
  // 4: open, with a bar across; closed by one stroke; open and round
  [
    [line(32, 2, 16, 58, 86, 58), line(66, 24, 62, 100)],
    [line(64, 100, 64, 0, 12, 66, 88, 66)],
    [curve(24, 2, 18, 34, 30, 52, 54, 52, 74, 40), line(76, 2, 70, 100)],
  ],
  // 5: with a cap; in one sweep; with a slanted back
  [
    [line(76, 0, 28, 0, 24, 44), curve(24, 44, 48, 36, 76, 50, 78, 78, 50, 100, 16, 90)],
    [curve(78, 4, 44, 2, 26, 20, 36, 42, 64, 54, 74, 76, 54, 98, 18, 92)],
    [curve(34, 2, 26, 26, 24, 46, 46, 40, 72, 52, 72, 82, 46, 100, 18, 90), line(34, 2, 80, 0)],
  ],
  // 6: with a curved stem; with a straight stem; with a high, curled stem
  [
    [curve(70, 4, 42, 20, 22, 56, 26, 88, 52, 100, 76, 84, 72, 60, 48, 54, 26, 70)],
    [line(58, 0, 26, 58), curve(26, 58, 20, 82, 40, 100, 68, 94, 74, 70, 52, 58, 26, 72)],
    [curve(76, 14, 60, 0, 34, 16, 20, 50, 24, 84, 50, 100, 74, 88, 74, 66, 50, 56, 28, 74)],
  ],
  // 7: plain; crossed; with a serif and a curved leg
  [
    [line(16, 4, 82, 4, 40, 100)],
    [line(16, 4, 82, 4, 42, 100), line(34, 52, 76, 50)],
    [line(18, 18, 20, 4, 80, 4), curve(80, 4, 60, 36, 48, 68, 44, 100)],
  ],
  // 8: in one stroke from the upper right; two rings; in one stroke from the middle
  [
    [curve(74, 16, 50, 0, 26, 14, 32, 36, 56, 52, 76, 74, 66, 96, 36, 98, 22, 78, 44, 52, 70, 34, 74, 16)],
    [
      curve(50, 0, 30, 10, 28, 30, 50, 44, 72, 30, 70, 10, 50, 0),
      curve(50, 44, 24, 58, 24, 86, 50, 100, 76, 86, 76, 58, 50, 44),
    ],
    [curve(50, 48, 28, 32, 30, 8, 54, 0, 74, 14, 68, 34, 50, 48, 26, 66, 26, 90, 52, 100, 74, 86, 72, 64, 50, 48)],
  ],
  // 9: with a straight stem; with a curved tail; with a stem that leans
  [
    [curve(74, 24, 58, 2, 32, 4, 20, 28, 34, 48, 60, 44, 74, 24), line(74, 12, 70, 100)],
    [curve(74, 28, 60, 4, 34, 2, 20, 24, 32, 48, 58, 46, 74, 26, 78, 54, 66, 88, 40, 100, 22, 94)],
    [curve(72, 26, 52, 0, 28, 12, 24, 38, 46, 50, 66, 38, 74, 14), line(74, 14, 50, 100)],
  ],
];

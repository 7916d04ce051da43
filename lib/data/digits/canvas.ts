/** Side of a digit's image in pixels. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

const FAR = 1e9;

/**
 * A field of distances to what the pen drew: each pixel holds how far its centre lies outside the nearest line
 * (negative inside). One canvas is used for many drawings.
 */
export class Canvas {
  readonly distances = new Float64Array(PIXELS);

  clear(): void {
    this.distances.fill(FAR);
  }

  /** A straight line with round ends whose half width goes from `radius0` to `radius1`, in pixels. */
  line(x0: number, y0: number, x1: number, y1: number, radius0: number, radius1: number): void {
    // Beyond this, coverage is zero however soft the pen.
    const reach = Math.max(radius0, radius1) + 2;
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
    const right = Math.min(SIDE - 1, Math.floor(Math.max(x0, x1) + reach));
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    const bottom = Math.min(SIDE - 1, Math.floor(Math.max(y0, y1) + reach));
    const dx = x1 - x0;
    const dy = y1 - y0;
    const lengthSquared = dx * dx + dy * dy;
    const perLengthSquared = lengthSquared > 0 ? 1 / lengthSquared : 0;
    for (let row = top; row <= bottom; row++) {
      const py = row + 0.5 - y0;
      for (let column = left; column <= right; column++) {
        const px = column + 0.5 - x0;
        const along = Math.min(1, Math.max(0, (px * dx + py * dy) * perLengthSquared));
        const ex = px - along * dx;
        const ey = py - along * dy;
        const distance = Math.sqrt(ex * ex + ey * ey) - (radius0 + along * (radius1 - radius0));
        const index = row * SIDE + column;
        if (distance < (this.distances[index] as number)) this.distances[index] = distance;
      }
    }
  }
}

import { checkFinding } from './check-finding.js';
import type { LearningRateFinding } from './finding.js';

const WIDTH = 720;
const HEIGHT = 440;
const MARGIN = { left: 70, right: 20, top: 20, bottom: 50 };
/** Losses drawn: the least and those not far above the first. */
const HEADROOM = 1.25;

/** From values to pixels. */
interface Scale {
  readonly x: (rate: number) => number;
  readonly y: (loss: number) => number;
}

/**
 * Losses over learning rates as SVG: of each step as points, smoothed as a line, with the suggestion marked. Browsers show it; the package
 * sharp makes a PNG of it (`sharp(Buffer.from(svg)).png()`).
 *
 * @throws InvalidArgumentError unless it is given what `findLearningRate` found
 */
export function learningRateChart(finding: LearningRateFinding): string {
  const { rates, losses, smoothedLosses, suggestion } = checkFinding('learningRateChart', finding);
  const [from, to] = [rates[0] as number, rates.at(-1) as number];
  const finite = smoothedLosses.filter(Number.isFinite);
  // There may be too many of them for arguments of a call.
  const low = finite.reduce((least, loss) => Math.min(least, loss), finite[0] ?? 0);
  const highest = finite.reduce((most, loss) => Math.max(most, loss), low);
  const high = Math.min(highest, low + ((finite[0] ?? low) - low || 1) * HEADROOM);
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const within = (share: number) => Math.min(1, Math.max(0, share));
  const x = (rate: number) =>
    MARGIN.left + (right - MARGIN.left) * within(Math.log(rate / from) / (Math.log(to / from) || 1));
  const y = (loss: number) => bottom - (bottom - MARGIN.top) * within((loss - low) / (high - low || 1));
  const scale = { x, y };

  const drawn = (values: readonly number[]) =>
    values.flatMap((loss, i) => (Number.isFinite(loss) ? [{ rate: rates[i] as number, loss }] : []));
  const points = drawn(losses).map(({ rate, loss }) => circle(scale, rate, loss));
  const line = drawn(smoothedLosses).map(({ rate, loss }) => `${pixel(x(rate))},${pixel(y(loss))}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...powersOfTen(from, to).map((rate) => vertical(x(rate), bottom, '#ddd', rate.toExponential())),
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => horizontal(y(low + share * (high - low)), low + share * (high - low))),
    `<g fill="#9ab">${points.join('')}</g>`,
    `<polyline points="${line.join(' ')}" fill="none" stroke="#1464a5" stroke-width="2"/>`,
    ...(suggestion === undefined ? [] : [mark(scale, suggestion, bottom)]),
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">learning rate</text>`,
    `<text x="15" y="${(MARGIN.top + bottom) / 2}" text-anchor="middle" transform="rotate(-90 15 ${(MARGIN.top + bottom) / 2})">loss</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function circle({ x, y }: Scale, rate: number, loss: number): string {
  return `<circle cx="${pixel(x(rate))}" cy="${pixel(y(loss))}" r="2"/>`;
}

function vertical(x: number, bottom: number, colour: string, label: string): string {
  return (
    `<line x1="${pixel(x)}" x2="${pixel(x)}" y1="${MARGIN.top}" y2="${bottom}" stroke="${colour}"/>` +
    `<text x="${pixel(x)}" y="${bottom + 16}" text-anchor="middle">${label}</text>`
  );
}

function horizontal(y: number, loss: number): string {
  return (
    `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${pixel(y)}" y2="${pixel(y)}" stroke="#ddd"/>` +
    `<text x="${MARGIN.left - 8}" y="${pixel(y + 4)}" text-anchor="end">${loss.toPrecision(3)}</text>`
  );
}

function mark({ x }: Scale, rate: number, bottom: number): string {
  const at = pixel(x(rate));
  return (
    `<line x1="${at}" x2="${at}" y1="${MARGIN.top}" y2="${bottom}" stroke="#c33" stroke-dasharray="4 3"/>` +
    `<text x="${at}" y="${MARGIN.top - 6}" text-anchor="middle" fill="#c33">${rate.toPrecision(2)}</text>`
  );
}

function powersOfTen(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(`1e${first + i}`));
}

function pixel(value: number): string {
  return value.toFixed(1);
}

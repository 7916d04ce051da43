// Learning curves as SVG: test accuracy after each epoch as lines with points, accuracy on the samples trained on as thin lines.
const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 64, right: 20, top: 30, bottom: 48 };
const TICKS = 5;

/**
 * @param title above the curves
 * @param runs each with `epochs` (`epoch`, `valAccuracy`) and `training`: pairs of epoch and accuracy
 * @param goal accuracy that is marked
 */
export function learningCurves(title, runs, goal) {
  const last = Math.max(...runs.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch)));
  const [low, high] = range(runs, goal);
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (epoch) => MARGIN.left + ((right - MARGIN.left) * epoch) / last;
  // What lies below is cut off: the first epochs would press all others together.
  const y = (accuracy) => bottom - ((bottom - MARGIN.top) * (Math.max(low, accuracy) - low)) / (high - low);
  const path = (points) => points.map(([epoch, accuracy]) => `${pixel(x(epoch))},${pixel(y(accuracy))}`).join(' ');
  const tested = runs.map(({ epochs }) => epochs.map(({ epoch, valAccuracy }) => [epoch, valAccuracy]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(MARGIN.left, MARGIN.top - 12, title, 'start'),
    ...epochTicks(last).map(
      (epoch) => grid(x(epoch), x(epoch), MARGIN.top, bottom) + text(x(epoch), bottom + 16, epoch),
    ),
    ...accuracyTicks(low, high).map(
      (value) =>
        grid(MARGIN.left, right, y(value), y(value)) + text(MARGIN.left - 8, y(value) + 4, percent(value), 'end'),
    ),
    `<line x1="${MARGIN.left}" x2="${right}" y1="${pixel(y(goal))}" y2="${pixel(y(goal))}" stroke="#c33" stroke-dasharray="4 3"/>`,
    ...runs.map(({ training }) => `<polyline points="${path(training)}" fill="none" stroke="#9ab" stroke-width="1"/>`),
    ...tested.map((points) => `<polyline points="${path(points)}" fill="none" stroke="#1464a5" stroke-width="1.5"/>`),
    ...tested
      .flat()
      .map(
        ([epoch, accuracy]) => `<circle cx="${pixel(x(epoch))}" cy="${pixel(y(accuracy))}" r="2.5" fill="#1464a5"/>`,
      ),
    text(
      (MARGIN.left + right) / 2,
      HEIGHT - 10,
      'epoch; blue: test accuracy, grey: on samples as trained on, red: required',
    ),
    '</svg>',
    '',
  ].join('\n');
}

/** From below the least test accuracy but for a poor beginning, to the best there is. */
function range(runs, goal) {
  const tested = runs.flatMap(({ epochs }) => epochs.map(({ valAccuracy }) => valAccuracy)).sort((a, b) => a - b);
  const least = tested[Math.floor(tested.length / 10)];
  const best = Math.max(goal, ...tested, ...runs.flatMap(({ training }) => training.map(([, accuracy]) => accuracy)));
  const low = Math.max(0, Math.min(least, goal) - 0.5 * (best - Math.min(least, goal)) - 1e-3);
  return [low, Math.min(1, best + 1e-3)];
}

function epochTicks(last) {
  const step = Math.max(1, Math.ceil(last / 10));
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}

function accuracyTicks(low, high) {
  return Array.from({ length: TICKS }, (_, i) => low + ((high - low) * i) / (TICKS - 1));
}

function grid(x1, x2, y1, y2) {
  return `<line x1="${pixel(x1)}" x2="${pixel(x2)}" y1="${pixel(y1)}" y2="${pixel(y2)}" stroke="#ddd"/>`;
}

function text(x, y, content, anchor = 'middle') {
  return `<text x="${pixel(x)}" y="${pixel(y)}" text-anchor="${anchor}">${content}</text>`;
}

function percent(share) {
  return `${(share * 100).toFixed(2)} %`;
}

function pixel(value) {
  return value.toFixed(1);
}

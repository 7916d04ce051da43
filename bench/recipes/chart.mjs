// Learning curves as SVG: the test error after each epoch as lines with points, that on the samples trained on as thin lines. Logarithmic, for
// what remains to be learnt at the end is little.
const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 64, right: 20, top: 30, bottom: 48 };

/**
 * @param title above the curves
 * @param runs each with `epochs` (`epoch`, `valAccuracy`) and `training`: pairs of epoch and accuracy
 * @param goal accuracy that is marked
 */
export function learningCurves(title, runs, goal) {
  const last = Math.max(...runs.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch)));
  const [low, high] = range(runs, goal);
  const ticks = errorTicks(low, high);
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (epoch) => MARGIN.left + ((right - MARGIN.left) * epoch) / last;
  const y = (accuracy) => {
    const error = Math.min(high, Math.max(low, 1 - accuracy));
    return MARGIN.top + ((bottom - MARGIN.top) * Math.log(high / error)) / Math.log(high / low);
  };
  const path = (points) => points.map(([epoch, accuracy]) => `${pixel(x(epoch))},${pixel(y(accuracy))}`).join(' ');
  const tested = runs.map(({ epochs }) => epochs.map(({ epoch, valAccuracy }) => [epoch, valAccuracy]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(MARGIN.left, MARGIN.top - 12, title, 'start'),
    ...epochTicks(last).map(
      (epoch) => grid(x(epoch), x(epoch), MARGIN.top, bottom) + text(x(epoch), bottom + 16, epoch),
    ),
    ...ticks.map((error) => {
      const at = y(1 - error);
      return grid(MARGIN.left, right, at, at) + text(MARGIN.left - 8, at + 4, percent(error), 'end');
    }),
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
      'epoch. Errors: blue in the test, grey on the samples trained on, red what is required',
    ),
    '</svg>',
    '',
  ].join('\n');
}

/** Least and largest error drawn. Batches without an error would be infinitely far down. */
function range(runs, goal) {
  const tested = runs.flatMap(({ epochs }) => epochs.map(({ valAccuracy }) => 1 - valAccuracy));
  const trained = runs.flatMap(({ training }) => training.map(([, accuracy]) => 1 - accuracy));
  const least = Math.min(1 - goal, ...tested.filter((error) => error > 0));
  return [least / 2, Math.max(1 - goal, ...tested, ...trained) * 1.1];
}

function epochTicks(last) {
  const step = Math.max(1, Math.ceil(last / 10));
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}

/** 1, 2 and 5 times powers of ten. */
function errorTicks(low, high) {
  return [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((error) => error >= low && error <= Math.min(1, high));
}

function grid(x1, x2, y1, y2) {
  return `<line x1="${pixel(x1)}" x2="${pixel(x2)}" y1="${pixel(y1)}" y2="${pixel(y2)}" stroke="#ddd"/>`;
}

function text(x, y, content, anchor = 'middle') {
  return `<text x="${pixel(x)}" y="${pixel(y)}" text-anchor="${anchor}">${content}</text>`;
}

function percent(share) {
  return `${Number((share * 100).toPrecision(1))} %`;
}

function pixel(value) {
  return value.toFixed(1);
}

import { LANES } from '#lib/program/description.js';
import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { lazy, testEachKernel } from '../helpers/isas.js';
import { at, pick, randomValues } from '../helpers/values.js';

/** Value by value, the value of a lane of a group, of `rows` rows: `[group][lane][C][rows][W]`. */
function eachValue(
  { groups, channels, width, rows }: { groups: number; channels: number; width: number; rows: number },
  valueAt: (group: number, lane: number, channel: number, row: number, column: number) => number,
): Float32Array {
  return Float32Array.from({ length: groups * LANES * channels * rows * width }, (_, i) => {
    const [column, row] = [i % width, Math.floor(i / width) % rows];
    const [channel, sample] = [Math.floor(i / width / rows) % channels, Math.floor(i / width / rows / channels)];
    return valueAt(Math.floor(sample / LANES), sample % LANES, channel, row, column);
  });
}

/** A batch of whole lane groups, so that all lanes are there to be read. */
function draw(random: Philox, bands: number) {
  const [groups, channels] = [1 + random.nextInt(2), 1 + random.nextInt(4)];
  const [height, width] = [1 + random.nextInt(12), 1 + random.nextInt(9)];
  return { groups, channels, height, width, bands };
}

/** Bands that overlap, leave gaps, or go beyond the image. */
const splits = lazy(() => {
  const random = new Philox(61);
  return Array.from({ length: 60 }, (_, i) => {
    const { groups, ...image } = draw(random, pick(random, [2, 4, 8, 16]));
    const { channels, height, width, bands } = image;
    const rows = { rows: 1 + random.nextInt(6), distance: 1 + random.nextInt(5), first: random.nextInt(9) - 4 };
    const x = randomValues(random, groups * LANES * channels * height * width);
    const samples = LANES / bands;
    const y = eachValue({ groups, channels, width, rows: rows.rows }, (group, lane, channel, row, column) => {
      const from = Math.floor(lane / samples) * rows.distance + rows.first + row;
      const sample = group * LANES + (lane % samples);
      return from < 0 || from >= height ? 0 : at(x, ((sample * channels + channel) * height + from) * width + column);
    });
    return { name: `${i}: ${JSON.stringify({ ...image, ...rows })}`, groups, x, y, attributes: { ...image, ...rows } };
  });
});

/** Bands of all rows of the image, the last one with some beyond it. */
const joins = lazy(() => {
  const random = new Philox(62);
  return Array.from({ length: 60 }, (_, i) => {
    const { groups, ...image } = draw(random, pick(random, [2, 4, 8, 16]));
    const { channels, height, width, bands } = image;
    const rows = Math.ceil(height / bands) + random.nextInt(2);
    const x = randomValues(random, groups * LANES * channels * rows * width);
    const samples = LANES / bands;
    const y = eachValue({ groups, channels, width, rows: height }, (group, lane, channel, row, column) => {
      const sample = group * LANES + Math.floor(row / rows) * samples + lane;
      return lane >= samples ? 0 : at(x, ((sample * channels + channel) * rows + (row % rows)) * width + column);
    });
    const attributes = { ...image, rows, distance: rows, first: 0 };
    return { name: `${i}: ${JSON.stringify(attributes)}`, groups, x, y, attributes };
  });
});

for (const [op, truths] of Object.entries({ splitRows: splits, joinRows: joins })) {
  testEachKernel(`${op} moves every lane of every row where it belongs`, async (t, kernels) => {
    for (const { name, groups, x, y: expected, attributes } of truths()) {
      const samples = groups * LANES;
      const program = new CallProgram({ ...kernels, samples });
      const y = program.sample(expected.length / samples);
      program.call(op, { y, x: program.input(x) }, attributes);
      for (const threads of [1, 3]) t.deepEqual(Float32Array.from((await program.run(threads))(y)), expected, name);
    }
  });
}

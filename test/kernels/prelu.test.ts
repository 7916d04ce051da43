import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { at, magnitudes, randomValues } from '../helpers/values.js';

const LANES = 16;
const SHAPES = [
  { channels: 1, pixels: 1 },
  { channels: 3, pixels: 2 },
  { channels: 17, pixels: 1 },
  { channels: 5, pixels: 7 },
  { channels: 2, pixels: 35 },
];
const BATCHES = [
  { samples: 1, groupsPerBlock: 1 },
  { samples: 19, groupsPerBlock: 1 },
  { samples: 5 * LANES - 3, groupsPerBlock: 2 },
];

testEachKernel('prelu and its gradients are those of plain loops', async (t, kernels, rounding) => {
  const random = new Philox(820);
  for (const shape of SHAPES) {
    for (const batch of BATCHES) {
      const { channels, pixels } = shape;
      const size = batch.samples * channels * pixels;
      const x = randomValues(random, size);
      const dy = randomValues(random, size);
      const slope = randomValues(random, channels);
      // The kink, where PyTorch takes the slope of the negative side.
      x[size - 1] = 0;
      const channelOf = (i: number) => Math.floor(i / pixels) % channels;
      const slopeAt = (i: number) => (at(x, i) > 0 ? 1 : at(slope, channelOf(i)));
      const [sums, sizes] = [new Float64Array(channels), new Float64Array(channels)];
      x.forEach((value, i) => {
        if (value > 0) return;
        const [c, term] = [channelOf(i), value * at(dy, i)];
        sums[c] = at(sums, c) + term;
        sizes[c] = at(sizes, c) + Math.abs(term);
      });

      const program = new CallProgram({ ...kernels, ...batch });
      const features = channels * pixels;
      const [y, dx] = [program.sample(features), program.sample(features)];
      const [xs, dys, slopes] = [program.input(x), program.gradient(dy), program.variable(slope)];
      const blocks = Math.ceil(Math.ceil(batch.samples / LANES) / batch.groupsPerBlock);
      const [partial, dslope] = [program.variable(blocks * channels), program.variable(channels)];
      program.call('prelu', { y, x: xs, slope: slopes }, shape);
      program.call('preluSlopeGradient', { dslope: partial, dy: dys, x: xs }, shape);
      program.call('preluGradient', { dx, dy: dys, x: xs, slope: slopes }, shape);
      program.call('reduceBlocks', { y: dslope, x: partial }, { elements: channels });
      const result = await program.run();

      const name = `${JSON.stringify(shape)} ${JSON.stringify(batch)}`;
      const expected = Float64Array.from(x, (value, i) => value * slopeAt(i));
      isClose(t, `y ${name}`, result(y), expected, 2 * rounding, magnitudes(expected));
      const gradient = Float64Array.from(dy, (value, i) => value * slopeAt(i));
      isClose(t, `dx ${name}`, result(dx), gradient, 2 * rounding, magnitudes(gradient));
      isClose(t, `dslope ${name}`, result(dslope), sums, 16 * rounding, sizes);
    }
  }
});

testEachKernel('prelu may write over its input, and NaN passes', async (t, kernels) => {
  const program = new CallProgram({ ...kernels, samples: 1 });
  const x = program.input([Number.NaN, -2, 3, -Infinity, Infinity]);
  program.call('prelu', { y: x, x, slope: program.variable([0.5]) }, { channels: 1, pixels: 5 });
  t.deepEqual([...(await program.run())(x)], [Number.NaN, -1, 3, -Infinity, Infinity]);
});

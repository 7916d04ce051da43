import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { at, randomValues } from '../helpers/values.js';

const PIECE = 16_384;
/** Also more than one piece of work. */
const SIZES = [1, 3, 7, 8, 15, 17, 33, 300, 3 * PIECE + 5];
const FACTORS = [
  { l1: 0.25, l2: 0 },
  { l1: 0, l2: 0.5 },
  { l1: 0.125, l2: 2 },
];

testEachKernel('penalties are added to a metric, once for each sample', async (t, kernels) => {
  const random = new Philox(920);
  for (const { l1, l2 } of FACTORS) {
    for (const threads of [1, 3]) {
      const program = new CallProgram({ ...kernels, samples: 19, metrics: 1 });
      const weights = SIZES.map((size) => randomValues(random, size));
      const pieces = SIZES.map((size) => Math.ceil(size / PIECE));
      const elements = pieces.reduce((sum, count) => sum + count, 0);
      const sums = program.variable(elements);
      let first = 0;
      let expected = 0;
      weights.forEach((w, i) => {
        program.call('penalty', { sums, w: program.variable(w) }, { elements: w.length, first, l1, l2 }, 'prepare');
        first += pieces[i] as number;
        for (const value of w) expected += l1 * Math.abs(value) + l2 * value ** 2;
      });
      program.call('addPenalties', { sums }, { elements, metric: 0, per: 'sample' });
      await program.run(threads);
      const tolerance = kernels.element === 'float64' ? 1e-13 : 1e-6;
      isClose(t, `l1 ${l1}, l2 ${l2}`, program.metrics, [19 * expected], tolerance);
    }
  }
});

testEachKernel('the slope of a penalty is added to the gradient', async (t, kernels, rounding) => {
  const random = new Philox(921);
  for (const { l1, l2 } of FACTORS) {
    for (const size of SIZES) {
      const [g, w] = [randomValues(random, size), randomValues(random, size)];
      if (size > 2) w.set([0, -0], 1);
      const program = new CallProgram({ ...kernels, samples: 1 });
      const gradient = program.variable(g);
      const attributes = { elements: size, l1, l2 };
      program.call('penaltyGradient', { g: gradient, w: program.variable(w) }, attributes);
      const expected = Float64Array.from(g, (value, i) => value + l1 * Math.sign(at(w, i)) + 2 * l2 * at(w, i));
      isClose(t, `${size} weights`, (await program.run())(gradient), expected, 4 * rounding);
    }
  }
});

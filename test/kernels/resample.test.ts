import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { lazy, testEachKernel } from '../helpers/isas.js';
import { resampling } from '../helpers/reference/resampling.js';
import { pick, randomValues } from '../helpers/values.js';

const INTERPOLATIONS = ['nearest', 'bilinear'] as const;

const truths = lazy(() => {
  const random = new Philox(41);
  return Array.from({ length: 60 }, (_, i) => {
    const image = [1 + random.nextInt(7), 1 + random.nextInt(7)] as const;
    const scale = [1 + random.nextInt(5), 1 + random.nextInt(5)] as const;
    const channels = 1 + random.nextInt(4);
    const samples = pick(random, [1, 5, 16, 17, 33]);
    const planes = channels * samples;
    const x = randomValues(random, planes * image[0] * image[1]);
    const dy = randomValues(random, x.length * scale[0] * scale[1]);
    const interpolation = INTERPOLATIONS[i % 2] ?? 'nearest';
    const expected = resampling({ planes, image, scale, interpolation }, x, dy);
    const attributes = {
      ...{ channels, height: image[0], width: image[1], interpolation },
      ...{ scaleHeight: scale[0], scaleWidth: scale[1] },
    };
    return { samples, attributes, x, dy, expected };
  });
});

testEachKernel('images are enlarged, and gradients gathered, as the definition says', async (t, kernels, rounding) => {
  for (const { samples, attributes, x, dy, expected } of truths()) {
    const program = new CallProgram({ ...kernels, samples });
    const [y, dx] = [program.sample(dy.length / samples), program.sample(x.length / samples)];
    program.call('resampling', { y, x: program.input(x) }, attributes);
    program.call('resamplingGradient', { dx, dy: program.input(dy) }, attributes);
    const results = await program.run(1);
    const what = `${samples} samples, ${JSON.stringify(attributes)}`;
    isClose(t, `y, ${what}`, results(y), expected.y, 8 * rounding, expected.sizes.y);
    isClose(t, `dx, ${what}`, results(dx), expected.dx, 64 * rounding, expected.sizes.dx);
    const shared = await program.run(3);
    t.deepEqual([shared(y), shared(dx)], [results(y), results(dx)], `shared: ${what}`);
  }
});

testEachKernel('nearest enlarging copies, and bilinear keeps what is alike', async (t, kernels) => {
  const { NaN: nan, POSITIVE_INFINITY: up, NEGATIVE_INFINITY: down } = Number;
  for (const value of [0.1, -3.4e38, nan, up, down]) {
    for (const interpolation of INTERPOLATIONS) {
      const program = new CallProgram({ ...kernels, samples: 3 });
      const y = program.sample(2 * 3 * 2 * 2 * 5);
      const attributes = { channels: 2, height: 3, width: 2, scaleHeight: 2, scaleWidth: 5, interpolation };
      const x = new Float32Array(3 * 2 * 3 * 2).fill(value);
      program.call('resampling', { y, x: program.input(x) }, attributes);
      const results = (await program.run())(y);
      const tolerance = interpolation === 'nearest' ? 0 : 2 ** -22;
      const exact = Number.isFinite(value) ? Math.fround(value) : value;
      t.true(
        results.every((own) => Object.is(own, exact) || Math.abs(own / exact - 1) <= tolerance),
        `${interpolation} of ${value}: ${results}`,
      );
    }
  }
});

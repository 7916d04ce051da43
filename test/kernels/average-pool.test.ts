import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { lazy, testEachKernel } from '../helpers/isas.js';
import { type PoolCase, poolCases, poolingShapeOf } from '../helpers/pool-cases.js';
import { averagePooling } from '../helpers/reference/average-pooling.js';
import { positions } from '../helpers/reference/sliding.js';
import { randomValues } from '../helpers/values.js';

/** Means of whole images, of one pixel too. */
const GLOBAL_CASES = [
  { channels: 3, image: [1, 1], samples: 7 },
  { channels: 5, image: [7, 9], samples: 33 },
  { channels: 64, image: [8, 8], samples: 16 },
  { channels: 1, image: [31, 2], samples: 1 },
  { channels: 2, image: [32, 32], samples: 17 },
].map(({ channels, image, samples }): PoolCase => {
  const [height = 1, width = 1] = image;
  const size = [height, width] as const;
  const name = `the mean of ${channels} planes of ${height}x${width}, ${samples} samples`;
  return { name, channels, samples, image: size, poolSize: size, strides: size, padding: 'valid' };
});

const truths = lazy(() =>
  [...poolCases(60, 7), ...GLOBAL_CASES].map((spec, i) => {
    const random = new Philox(700 + i);
    const shape = poolingShapeOf(spec);
    const x = randomValues(random, shape.planes * spec.image[0] * spec.image[1]);
    const dy = randomValues(random, shape.planes * positions(shape.rows) * positions(shape.columns));
    return { spec, shape, x, dy, expected: averagePooling(shape, x, dy) };
  }),
);

testEachKernel(
  'average pooling takes means and shares gradients as its definition does',
  async (t, kernels, rounding) => {
    for (const { spec, shape, x, dy, expected } of truths()) {
      const { samples, channels, image, poolSize, strides } = spec;
      const { rows, columns } = shape;
      const attributes = {
        ...{ channels, height: image[0], width: image[1], poolHeight: poolSize[0], poolWidth: poolSize[1] },
        ...{ outputHeight: positions(rows), outputWidth: positions(columns) },
        ...{ strideHeight: strides[0], strideWidth: strides[1], padTop: rows.before, padLeft: columns.before },
        ...{ windows: 'sliding', dilationHeight: 1, dilationWidth: 1, padBottom: 0, padRight: 0, countPadding: 0 },
      };
      const program = new CallProgram({ ...kernels, samples });
      const [y, dx] = [program.sample(dy.length / samples), program.sample(x.length / samples)];
      program.call('averagePooling', { y, x: program.input(x) }, attributes);
      program.call('averagePoolingGradient', { dx, dy: program.input(dy) }, attributes);
      const results = await program.run();
      const { sizes } = expected;
      isClose(t, `y, ${spec.name}`, results(y), expected.y, 32 * rounding, sizes.y);
      // A share is a product and joins a sum; inputs that no window covers have a gradient of exactly zero.
      isClose(t, `dx, ${spec.name}`, results(dx), expected.dx, 8 * rounding, sizes.dx);
    }
  },
);

testEachKernel('the mean of a large image of equal values keeps its digits', async (t, kernels, rounding) => {
  const [height, width, samples] = [200, 201, 3];
  const program = new CallProgram({ ...kernels, samples });
  const y = program.sample(1);
  const x = program.input(new Float32Array(samples * height * width).fill(0.1));
  program.call(
    'averagePooling',
    { y, x },
    {
      ...{ channels: 1, height, width, poolHeight: height, poolWidth: width, outputHeight: 1, outputWidth: 1 },
      ...{ strideHeight: height, strideWidth: width, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 },
      ...{ windows: 'sliding', dilationHeight: 1, dilationWidth: 1, countPadding: 0 },
    },
  );
  const mean = new Float64Array(samples).fill(Math.fround(0.1));
  isClose(t, 'y', (await program.run())(y), mean, 256 * rounding, mean);
});

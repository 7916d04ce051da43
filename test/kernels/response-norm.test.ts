import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { localResponse, localResponseGradient, type ResponseShape } from '../helpers/reference/local-response.js';
import { largestMagnitude, randomValues } from '../helpers/values.js';

const USUAL = { size: 5, alpha: 1e-4, beta: 0.75, k: 1 };

/** Windows of even and odd size, wider than the tensor and of one channel; every power that has a way of its own, and others. */
const SHAPES: readonly ResponseShape[] = [
  { samples: 1, channels: 1, pixels: 1, ...USUAL },
  { samples: 7, channels: 9, pixels: 35, ...USUAL, alpha: 2, k: 2 },
  { samples: 16, channels: 5, pixels: 9, size: 4, alpha: 1, beta: 0.5, k: 1 },
  { samples: 17, channels: 4, pixels: 6, size: 9, alpha: 3, beta: 1, k: 0.5 },
  { samples: 33, channels: 3, pixels: 4, size: 1, alpha: 0.7, beta: 0.3, k: 1 },
  { samples: 5, channels: 8, pixels: 3, size: 2, alpha: 10, beta: 2.5, k: 1.5 },
  { samples: 3, channels: 6, pixels: 5, size: 3, alpha: 1, beta: 0, k: 1 },
];

const nameOf = (shape: ResponseShape) => JSON.stringify(shape);

function attributesOf({ samples: _, ...attributes }: ResponseShape) {
  return attributes;
}

testEachKernel('response norm divides by a power of the squares around', async (t, kernels, rounding) => {
  const random = new Philox(970);
  for (const shape of SHAPES) {
    for (const scale of [1, 30]) {
      const values = randomValues(random, shape.samples * shape.channels * shape.pixels, scale);
      const program = new CallProgram({ ...kernels, samples: shape.samples });
      const x = program.input(values);
      const y = program.sample(x.features);
      program.call('responseNorm', { y, x }, attributesOf(shape));
      const actual = (await program.run(1))(y);
      const expected = localResponse(shape, values);
      isClose(t, nameOf(shape), actual, expected, 64 * rounding);
      t.deepEqual((await program.run(3))(y), actual, 'threads change nothing');
    }
  }
});

testEachKernel('gradients of response norm follow the chain rule', async (t, kernels, rounding) => {
  const random = new Philox(971);
  for (const shape of SHAPES) {
    const values = randomValues(random, shape.samples * shape.channels * shape.pixels, 2);
    const slopes = randomValues(random, values.length);
    const program = new CallProgram({ ...kernels, samples: shape.samples });
    const [x, dy] = [program.input(values), program.input(slopes)];
    const dx = program.sample(x.features);
    program.call('responseNormGradient', { dx, dy, x }, attributesOf(shape));
    const actual = (await program.run(1))(dx);
    const expected = localResponseGradient(shape, slopes, values);
    isClose(t, nameOf(shape), actual, expected, 64 * rounding, Math.max(1, largestMagnitude(expected)));
    t.deepEqual((await program.run(3))(dx), actual, 'threads change nothing');
  }
});

testEachKernel('response norm leaves zeros zero', async (t, kernels) => {
  for (const beta of [0.5, 0.6, 0.75, 1]) {
    const program = new CallProgram({ ...kernels, samples: 3 });
    const x = program.input(new Float32Array(3 * 12));
    const y = program.sample(12);
    program.call('responseNorm', { y, x }, { channels: 4, pixels: 3, size: 3, alpha: 1, beta, k: 1e-12 });
    t.deepEqual([...(await program.run())(y)], new Array(36).fill(0));
  }
});

testEachKernel('response norm refuses what does not fit', async (t, kernels) => {
  const attempt = async (features: number, attributes: Record<string, number>) => {
    const program = new CallProgram({ ...kernels, samples: 3 });
    const operands = { y: program.sample(features), x: program.input(new Float32Array(3 * 12)) };
    program.call('responseNorm', operands, { channels: 4, pixels: 3, ...USUAL, ...attributes });
    await program.run();
  };
  await t.notThrowsAsync(attempt(12, {}));
  await t.throwsAsync(attempt(11, {}), { message: /responseNorm: expected at least 192 elements for y/ });
  await t.throwsAsync(attempt(12, { size: 0 }), { message: /from 1 to .* for size/ });
});

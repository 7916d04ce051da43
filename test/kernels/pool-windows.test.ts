import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { lazy, testEachKernel } from '../helpers/isas.js';
import { largestOf, meansOf } from '../helpers/reference/pooling-windows.js';
import { pick, randomValues } from '../helpers/values.js';
import { adaptiveCases, attributesOf, slidingCases, windowsOfCase } from '../helpers/window-cases.js';

const truths = lazy(() =>
  [...slidingCases(150, 31, 3), ...adaptiveCases(50, 32)].map((spec, i) => {
    const random = new Philox(3100 + i);
    const shape = windowsOfCase(spec);
    const drawn = randomValues(random, shape.planes * shape.rows.input * shape.columns.input);
    // Few different values in every second case: the first of equal ones is what takes the gradient.
    const x = i % 2 === 0 ? drawn.map((value) => Math.round(2 * value) / 2) : drawn;
    const dy = randomValues(random, shape.planes * shape.rows.taken.length * shape.columns.taken.length);
    return { spec, x, dy, largest: largestOf(shape, x, dy), means: meansOf(shape, x, dy) };
  }),
);

testEachKernel('pooling with every kind of window is what its definition says', async (t, kernels, rounding) => {
  for (const { spec, x, dy, largest, means } of truths()) {
    const attributes = attributesOf(spec);
    const what = JSON.stringify(attributes);
    const program = new CallProgram({ ...kernels, samples: spec.samples });
    const output = () => program.sample(dy.length / spec.samples);
    const gradient = () => program.sample(x.length / spec.samples);
    const [inputs, gradients] = [program.input(x), program.input(dy)];
    const [max, maxGradient, mean, meanGradient] = [output(), gradient(), output(), gradient()];
    program.call('maxPooling', { y: max, x: inputs }, attributes);
    const ofMax = { dy: gradients, x: inputs, y: max };
    program.call('maxPoolingGradient', { dx: maxGradient, ...ofMax }, { ...attributes, relu: 0 });
    program.call('averagePooling', { y: mean, x: inputs }, attributes);
    program.call('averagePoolingGradient', { dx: meanGradient, dy: gradients }, attributes);
    const results = await program.run(1);
    t.deepEqual(Float64Array.from(results(max)), largest.y, what);
    isClose(t, `dx of max, ${what}`, results(maxGradient), largest.dx, 16 * rounding, largest.sizes.dx);
    isClose(t, `mean, ${what}`, results(mean), means.y, 32 * rounding, means.sizes.y);
    isClose(t, `dx of mean, ${what}`, results(meanGradient), means.dx, 16 * rounding, means.sizes.dx);
    const shared = await program.run(3);
    for (const made of [max, maxGradient, mean, meanGradient]) t.deepEqual(shared(made), results(made), what);
  }
});

testEachKernel('max pooling behind a relu gives the gradient before it', async (t, kernels, rounding) => {
  for (const { spec, x: before, dy } of truths()) {
    const x = before.map((value) => Math.max(value, 0));
    const { dx: behind, sizes } = largestOf(windowsOfCase(spec), x, dy);
    const expected = behind.map((value, i) => ((x[i] as number) > 0 ? value : 0));
    const attributes = attributesOf(spec);
    const program = new CallProgram({ ...kernels, samples: spec.samples });
    const [max, dx] = [program.sample(dy.length / spec.samples), program.sample(x.length / spec.samples)];
    const inputs = program.input(x);
    program.call('maxPooling', { y: max, x: inputs }, attributes);
    const ofMax = { dy: program.input(dy), x: inputs, y: max };
    program.call('maxPoolingGradient', { dx, ...ofMax }, { ...attributes, relu: 1 });
    const what = JSON.stringify(attributes);
    isClose(t, what, (await program.run(1))(dx), expected, 16 * rounding, sizes.dx);
  }
});

testEachKernel('pooling passes NaN and infinities on', async (t, kernels) => {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { spec, x: plain, dy } of truths()) {
    const random = new Philox(3300);
    const x = plain.map((value) => (random.nextInt(8) === 0 ? pick(random, special) : value));
    const attributes = attributesOf(spec);
    const program = new CallProgram({ ...kernels, samples: spec.samples });
    const [max, mean] = [program.sample(dy.length / spec.samples), program.sample(dy.length / spec.samples)];
    const dx = program.sample(x.length / spec.samples);
    const inputs = program.input(x);
    program.call('maxPooling', { y: max, x: inputs }, attributes);
    const ofMax = { dy: program.input(dy), x: inputs, y: max };
    program.call('maxPoolingGradient', { dx, ...ofMax }, { ...attributes, relu: 0 });
    program.call('averagePooling', { y: mean, x: inputs }, attributes);
    const results = await program.run();
    const shape = windowsOfCase(spec);
    const { y, dx: expected, sizes } = largestOf(shape, x, dy);
    const what = JSON.stringify(attributes);
    t.deepEqual(Float64Array.from(results(max)), y, what);
    isClose(t, `dx of max, ${what}`, results(dx), expected, 2 ** -20, sizes.dx);
    const means = [...meansOf(shape, x, dy).y].map((value) => (Number.isFinite(value) ? 0 : value));
    const own = [...results(mean)].map((value) => (Number.isFinite(value) ? 0 : value));
    t.deepEqual(own, means, `mean, ${what}`);
  }
});

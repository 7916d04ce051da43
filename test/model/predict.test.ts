import { getEventListeners } from 'node:events';
import test from 'ava';
import { info, layers, sequential } from 'cnnative';
import { drawSigned } from '../helpers/draw.js';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';
import { blobs, smallModel } from '../helpers/small.js';

const set = goldenSet(300);

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}

for (const isa of info().isas) {
  test(`predict takes any number of samples and gives each its own row on ${isa}`, async (t) => {
    const model = lenet5();
    const all = await model.predict(set.images, { isa, batchSize: 300 });
    t.deepEqual(all.shape, [300, 10]);
    for (const size of [0, 1, 15, 17, 300]) {
      const { data, shape } = await model.predict(set.images.subarray(0, size * 784), { isa, batchSize: 64 });
      t.deepEqual(shape, [size, 10]);
      t.true(data instanceof Float32Array);
      t.true(largestDifference(data, all.data.subarray(0, size * 10)) < 1e-6, `${size} samples`);
    }
    const alone = await model.predict(set.images.subarray(123 * 784, 124 * 784), { isa });
    t.true(largestDifference(alone.data, all.data.subarray(1230, 1240)) < 1e-6);
  });

  test(`uint8 pixels are scaled and normalised, floats taken as they are on ${isa}`, async (t) => {
    const model = sequential({ input: { shape: [3, 4, 5], mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 2] } }, [
      layers.flatten(),
      layers.activation({ activation: 'linear' }),
    ]);
    const pixels = Uint8Array.from({ length: 20 * 60 }, (_, i) => (i * 37) % 256);
    const expected = Float32Array.from(pixels, (pixel, i) => {
      const channel = Math.floor(i / 20) % 3;
      return (pixel / 255 - ([0.1, 0.2, 0.3][channel] as number)) / ([0.5, 0.25, 2][channel] as number);
    });
    t.true(largestDifference((await model.predict(pixels, { isa })).data, expected) < 2e-6);
    t.deepEqual((await model.predict(expected, { isa })).data, expected);
  });
}

test('scale replaces the division of pixels by 255', async (t) => {
  const identity = [layers.flatten()];
  const model = sequential({ input: { shape: [4], scale: 0.5, mean: 1, std: 2 } }, identity);
  t.deepEqual([...(await model.predict(Uint8Array.of(0, 1, 2, 255))).data], [-0.5, -0.25, 0, 63.25]);
});

test('LeNet-5 predicts alike from pixels and from pixels normalised by hand', async (t) => {
  const model = lenet5();
  const floats = Float32Array.from(set.images, (pixel) => (pixel / 255 - 0.1307) / 0.3081);
  const fromPixels = await model.predict(set.images);
  const fromFloats = await model.predict(floats);
  t.true(largestDifference(fromPixels.data, fromFloats.data) < 1e-5);
});

test('arrays of numbers are taken as floats', async (t) => {
  const model = smallModel();
  const { images } = blobs(5);
  t.deepEqual(await model.predict(Array.from(images)), await model.predict(images as Float32Array));
  t.deepEqual((await model.predict([])).shape, [0, 3]);
});

test('the rows of a softmax sum to one and are its logits exponentiated', async (t) => {
  const { images } = blobs(50);
  const { data } = await smallModel({ softmax: true }).predict(images);
  const { data: logits } = await smallModel({ softmax: false }).predict(images);
  t.true(logits.some((value) => value < 0));
  for (let row = 0; row < 50; row++) {
    const p = data.subarray(row * 3, row * 3 + 3);
    const exponentials = logits.subarray(row * 3, row * 3 + 3).map(Math.exp);
    const sum = exponentials.reduce((a, b) => a + b);
    t.true(Math.abs(p.reduce((a, b) => a + b) - 1) < 1e-6);
    t.true(
      largestDifference(
        p,
        exponentials.map((value) => value / sum),
      ) < 1e-6,
    );
  }
});

test('a model without weights predicts', async (t) => {
  const model = sequential({ inputShape: [1, 4, 4] }, [layers.maxPooling2d()]);
  const samples = Float32Array.from({ length: 32 }, (_, i) => drawSigned(1, i));
  const { data, shape } = await model.predict(samples);
  t.deepEqual(shape, [2, 1, 2, 2]);
  t.is(data[0], Math.max(samples[0] ?? 0, samples[1] ?? 0, samples[4] ?? 0, samples[5] ?? 0));
  t.deepEqual(await model.getWeights(), {});
});

test('samples are read before predict returns its promise', async (t) => {
  const model = smallModel();
  const samples = Float32Array.from(blobs(5).images);
  const expected = await model.predict(samples);
  const promised = model.predict(samples);
  samples.fill(0);
  t.deepEqual(await promised, expected);
});

test('views into larger buffers and Buffers are read at their place', async (t) => {
  const model = lenet5();
  const expected = (await model.predict(set.images.slice(784 * 3, 784 * 5))).data;
  const shifted = new Uint8Array(784 * 2 + 3);
  shifted.set(set.images.subarray(784 * 3, 784 * 5), 3);
  t.deepEqual((await model.predict(shifted.subarray(3))).data, expected);
  t.deepEqual((await model.predict(Buffer.from(shifted.subarray(3)))).data, expected);
});

test('memory shared between threads and resizable memory is read as any other', async (t) => {
  const model = smallModel();
  const { images } = blobs(5);
  const expected = await model.predict(images);
  const shared = new Float32Array(new SharedArrayBuffer(40));
  shared.set(images);
  t.deepEqual(await model.predict(shared), expected);
  // TypeScript's library of ES2022 does not know resizable buffers yet; Node 20 has them.
  const Resizable = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;
  const tracking = new Float32Array(new Resizable(40, { maxByteLength: 80 }));
  tracking.set(images);
  t.deepEqual(await model.predict(tracking), expected);
});

test('a signal for many calls at once has one listener, which goes with the last of them', async (t) => {
  const { signal } = new AbortController();
  const model = lenet5();
  const calls = Array.from({ length: 12 }, () => model.predict(new Float32Array(300 * 28 * 28), { signal }));
  t.is(getEventListeners(signal, 'abort').length, 1);
  await Promise.all(calls);
  t.is(getEventListeners(signal, 'abort').length, 0);
});

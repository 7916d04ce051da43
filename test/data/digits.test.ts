import { createHash } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { Dataset, DigitsOptions } from 'cnnative';
import { datasets, InvalidArgumentError } from 'cnnative';

const whole = datasets.digits();
const PIXELS = 28 * 28;

function sha256({ images, labels }: Dataset): { images: string; labels: string } {
  const littleEndian = Buffer.alloc(4 * labels.length);
  labels.forEach((label, i) => {
    littleEndian.writeInt32LE(label, 4 * i);
  });
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  return { images: hash(images as Uint8Array), labels: hash(littleEndian) };
}

test('the default set is the same to the bit on every machine', async (t) => {
  const { train, test: held } = await whole;
  t.deepEqual(sha256(train), {
    images: '176f5e800f44be3f19f21edcaee12ba1e1e2c77ba82ce5b53b020a2d6d417e9d',
    labels: '797aa61a1aad2979f1302d5651108193ba510b88b61a8cbf31c6be5307e438a4',
  });
  t.deepEqual(sha256(held), {
    images: 'a76a3a036ebffabba1a509743828a82e4303e56d1917b3bf9fec89e699958111',
    labels: '5a2f8f37225bbc8a0786f902832da0e28c95a8bbe6b8aefd55af3ff5db22f739',
  });
});

test('the default set has 12 000 and 2 000 digits of 28 x 28 bytes', async (t) => {
  const { train, test: held } = await whole;
  for (const [set, size] of [
    [train, 12_000],
    [held, 2_000],
  ] as const) {
    t.true(set.images instanceof Uint8Array);
    t.is(set.images.length, size * PIXELS);
    t.is(set.labels.length, size);
    t.deepEqual([set.size, set.shape, set.classes], [size, [1, 28, 28], 10]);
    t.deepEqual(set.classNames, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  }
});

test('the classes are equally frequent and in random order', async (t) => {
  const { train, test: held } = await whole;
  for (const { labels, size } of [train, held]) {
    const counts = new Array(10).fill(0);
    for (const label of labels) counts[label]++;
    t.deepEqual(counts, new Array(10).fill(size / 10));
    // Two neighbours are equal once in ten times, give or take five deviations.
    const equal = labels.filter((label, i) => label === labels[i + 1]).length;
    t.true(Math.abs(equal - size / 10) < 5 * Math.sqrt(size * 0.09), `${equal}`);
  }
});

test('no two digits are alike, within the parts and between them', async (t) => {
  const { train, test: held } = await whole;
  const seen = new Set<string>();
  for (const { images, size } of [train, held]) {
    for (let i = 0; i < size; i++) {
      seen.add(Buffer.from(images.subarray(i * PIXELS, (i + 1) * PIXELS)).toString('latin1'));
    }
  }
  t.is(seen.size, 14_000);
});

test('every digit is bright strokes on a dark ground that stay in the picture', async (t) => {
  const { train } = await whole;
  let touching = 0;
  for (let i = 0; i < train.size; i++) {
    const image = train.images.subarray(i * PIXELS, (i + 1) * PIXELS);
    const bright = image.filter((pixel) => pixel > 80).length;
    t.true(bright >= 15 && bright <= 350, `${bright} bright pixels in digit ${i}`);
    const edge = image.filter((_, at) => at < 28 || at >= PIXELS - 28 || at % 28 === 0 || at % 28 === 27);
    if (edge.some((pixel) => pixel > 100)) touching++;
  }
  const mean = (train.images as Uint8Array).reduce((sum, pixel) => sum + pixel, 0) / train.images.length / 255;
  t.true(mean > 0.1 && mean < 0.16, `mean ${mean}`);
  t.true(touching < 0.06 * train.size, `${touching} digits touch the edge`);
});

test('the digits can be told apart, but not by a trivial rule', async (t) => {
  const { train, test: held } = await whole;
  const neighbour = accuracy(held, 300, nearestNeighbour(train, 6000));
  t.true(neighbour > 0.93, `nearest neighbour ${neighbour}`);
  const mean = accuracy(held, 1000, nearestMean(train));
  t.true(mean > 0.5 && mean < 0.95, `nearest mean ${mean}`);
});

test('a seed is a set', async (t) => {
  const few = async (seed: number) => datasets.digits({ seed, train: 20, test: 10 });
  t.deepEqual(await few(5), await few(5));
  t.notDeepEqual((await few(5)).train.images, (await few(6)).train.images);
  t.notDeepEqual((await few(5)).train.images, (await few(2 ** 32 + 5)).train.images);
});

test('sizes can be chosen, also odd ones', async (t) => {
  const { train, test: held } = await datasets.digits({ train: 13, test: 1 });
  t.deepEqual([train.size, train.images.length, held.size, held.images.length], [13, 13 * PIXELS, 1, PIXELS]);
});

test('the event loop is served while the digits are drawn', async (t) => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await datasets.digits({ train: 3000, test: 10 });
  clearInterval(timer);
  t.true(turns >= 10, `${turns}`);
});

test('rejects options that are not what they should be', async (t) => {
  const rejects = async (t: ExecutionContext, options: unknown, message: RegExp) =>
    t.throwsAsync(datasets.digits(options as DigitsOptions), { instanceOf: InvalidArgumentError, message });
  for (const name of ['train', 'test']) {
    for (const value of [0, -1, 2.5, Number.NaN, 1_000_001, '10', null]) {
      const message = new RegExp(`digits: expected an integer from 1 to 1000000 for ${name}, received`);
      await rejects(t, { [name]: value }, message);
    }
  }
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 53, '1']) await rejects(t, { seed }, /for seed, received/);
  await rejects(t, { sede: 1 }, /received "sede"/);
  await rejects(t, 7, /expected an object for the options, received 7/);
});

type Classifier = (image: Uint8Array | Float32Array) => number;

function accuracy({ images, labels }: Dataset, samples: number, classify: Classifier): number {
  let right = 0;
  for (let i = 0; i < samples; i++) {
    if (classify(images.subarray(i * PIXELS, (i + 1) * PIXELS)) === labels[i]) right++;
  }
  return right / samples;
}

function nearestNeighbour({ images, labels }: Dataset, samples: number): Classifier {
  return (image) => labels[nearest(images, samples, image)] as number;
}

function nearestMean({ images, labels, size }: Dataset): Classifier {
  const means = new Float32Array(10 * PIXELS);
  for (let i = 0; i < size; i++) {
    const label = labels[i] as number;
    for (let p = 0; p < PIXELS; p++) {
      means[label * PIXELS + p] = (means[label * PIXELS + p] ?? 0) + ((images[i * PIXELS + p] ?? 0) * 10) / size;
    }
  }
  return (image) => nearest(means, 10, image);
}

function nearest(rows: Uint8Array | Float32Array, count: number, image: Uint8Array | Float32Array): number {
  let best = -1;
  let smallest = Number.POSITIVE_INFINITY;
  for (let row = 0; row < count; row++) {
    let distance = 0;
    for (let p = 0; p < PIXELS && distance < smallest; p++) {
      const difference = (rows[row * PIXELS + p] as number) - (image[p] as number);
      distance += difference * difference;
    }
    if (distance < smallest) {
      smallest = distance;
      best = row;
    }
  }
  return best;
}

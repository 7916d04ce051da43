import test from 'ava';
import { type CatalogName, datasets, InvalidArgumentError } from 'cnnative';
import { smallMnist } from '../helpers/small-mnist.js';

test('loads sets by the names of the catalog', async (t) => {
  t.deepEqual(Object.keys(datasets.catalog), ['digits', 'mnist', 'fashion-mnist', 'cifar10', 'cifar100']);
  const dir = await smallMnist(t);
  for (const name of ['mnist', 'fashion-mnist'] as const) {
    const { train, test: held } = await datasets.load(name, { dir });
    const { classNames, mean, std } = datasets.catalog[name];
    t.deepEqual([train.size, held.size, train.classNames, train.mean, held.std], [200, 50, classNames, mean, std]);
  }
  const { train } = await datasets.load('digits');
  t.is(train.size, datasets.catalog.digits.train);
});

test('the catalog tells the truth of the digits', async (t) => {
  const { train } = await datasets.digits();
  let [sum, squares] = [0, 0];
  for (const pixel of train.images) {
    sum += pixel / 255;
    squares += (pixel / 255) ** 2;
  }
  const mean = sum / train.images.length;
  const std = Math.sqrt(squares / train.images.length - mean * mean);
  t.deepEqual([[Number(mean.toFixed(4))], [Number(std.toFixed(4))]], [[...(train.mean ?? [])], [...(train.std ?? [])]]);
});

test('the classes of the catalog are as many as they should be', (t) => {
  const counts = Object.values(datasets.catalog).map(({ classNames }) => new Set<string>(classNames).size);
  t.deepEqual(counts, [10, 10, 10, 10, 100]);
  for (const { shape, mean, std } of Object.values(datasets.catalog))
    t.deepEqual([mean.length, std.length], [shape[0], shape[0]]);
});

test('a signal stops the loading of sets whose files are there', async (t) => {
  const dir = await smallMnist(t);
  const reason = new Error('the user changed her mind');
  const aborted = AbortSignal.abort(reason);
  for (const load of [
    datasets.load('digits', { signal: aborted }),
    datasets.load('mnist', { dir, signal: aborted }),
    datasets.fashionMnist({ dir, signal: aborted }),
  ]) {
    t.is(await t.throwsAsync(load), reason);
  }
  const controller = new AbortController();
  const begun = datasets.mnist({ dir, signal: controller.signal });
  controller.abort(reason);
  t.is(await t.throwsAsync(begun), reason);
});

test('refuses other names and options', async (t) => {
  const bad = (name: unknown, options?: unknown) => datasets.load(name as CatalogName, options as { dir: string });
  const refused = (message: RegExp) => ({ instanceOf: InvalidArgumentError, message });
  await t.throwsAsync(bad('imagenet'), refused(/one of 'digits', .* for the name of a set, received "imagenet"/));
  await t.throwsAsync(bad('mnist', { folder: 'x' }), refused(/only the options dir, .* received "folder"/));
  await t.throwsAsync(bad('digits', { dir: 'x' }), refused(/no dir for digits/));
  for (const name of ['digits', 'mnist', 'cifar10']) {
    await t.throwsAsync(bad(name, null), refused(/expected an object for the options, received null/), name);
    await t.throwsAsync(bad(name, 'data'), refused(/expected an object for the options, received "data"/), name);
  }
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { DataError, datasets } from 'cnnative';
import { packageRoot } from '../helpers/cli.js';
import { smallMnist } from '../helpers/small-mnist.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const NAMES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

test('reads four files of its form, with the names of clothes', async (t) => {
  const { train, test: held } = await datasets.fashionMnist({ dir: await smallMnist(t) });
  t.deepEqual([train.size, held.size, train.shape, train.classes], [200, 50, [1, 28, 28], 10]);
  t.deepEqual(train.classNames, NAMES);
});

test('names its four files where they are missing', async (t) => {
  const dir = await temporaryFolder(t);
  await t.throwsAsync(datasets.fashionMnist({ dir }), {
    instanceOf: DataError,
    message: /^datasets\.fashionMnist: .* without train-images-idx3-ubyte\.gz, .*zalandoresearch/,
  });
});

test('reads Fashion-MNIST in its published order', async (t) => {
  const dir = [process.env.CNNATIVE_DATA ?? '', join(packageRoot, '..', 'shared', 'data')]
    .map((data) => join(data, 'fashion-mnist'))
    .find((folder) => existsSync(join(folder, 'train-images-idx3-ubyte.gz')));
  if (dir === undefined) {
    t.log('skipped: no Fashion-MNIST in CNNATIVE_DATA/fashion-mnist');
    t.pass();
    return;
  }
  const { train, test: held } = await datasets.fashionMnist({ dir });
  const counts = (labels: Int32Array) => NAMES.map((_, i) => labels.filter((label) => label === i).length);
  t.deepEqual(counts(train.labels), new Array(10).fill(6000));
  t.deepEqual(counts(held.labels), new Array(10).fill(1000));
  // As printed in many places: an ankle boot, two T-shirts, a dress, a T-shirt.
  t.deepEqual([...train.labels.subarray(0, 5)], [9, 0, 0, 3, 0]);
  t.deepEqual([...held.labels.subarray(0, 5)], [9, 2, 1, 1, 6]);
});

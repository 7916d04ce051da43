import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { datasets, loadModel } from 'cnnative';
import { binaryBatch, CLASS_NAMES } from '../helpers/cifar10-fixtures.js';
import { cli, jsonLines } from '../helpers/cli.js';
import { smallMnist } from '../helpers/small-mnist.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const STEP_KEYS = ['event', 'epoch', 'step', 'loss', 'accuracy'];
const EPOCH_KEYS = [...STEP_KEYS, 'valLoss', 'valAccuracy', 'seconds', 'imagesPerSecond'];
const DONE_KEYS = ['event', 'testAccuracy', 'testLoss', 'seconds', 'imagesPerSecond'];

const onSmall = (data: string, ...args: string[]) => ['train', '--dataset', 'mnist', '--data', data, ...args];

/** Lines without what may differ between two runs. */
const timeless = (stdout: string) => jsonLines(stdout).map(({ seconds, imagesPerSecond, ...rest }) => rest);

test('json lines have the promised keys in the promised order', async (t) => {
  const data = await smallMnist(t);
  const { code, stdout, stderr } = await cli(onSmall(data, '--epochs', '2', '--log-every', '3', '--json'));
  t.is(code, 0);
  t.is(stderr, '');
  const lines = jsonLines(stdout);
  // 200 images in steps of 64: 4 steps an epoch.
  t.deepEqual(
    lines.map(({ event, epoch, step }) => [event, epoch, step]),
    [
      ['step', 1, 3],
      ['epoch', 1, 4],
      ['step', 2, 6],
      ['epoch', 2, 8],
      ['done', undefined, undefined],
    ],
  );
  const keys = { step: STEP_KEYS, epoch: EPOCH_KEYS, done: DONE_KEYS };
  for (const line of lines) {
    t.deepEqual(Object.keys(line), keys[line.event as keyof typeof keys]);
    for (const [name, value] of Object.entries(line)) if (name !== 'event') t.is(typeof value, 'number', name);
  }
});

test('the last line repeats the last test and sums up the time', async (t) => {
  const data = await smallMnist(t);
  const lines = jsonLines((await cli(onSmall(data, '--epochs', '2', '--json'))).stdout) as Record<string, number>[];
  const [first, second, done] = lines as [Record<string, number>, Record<string, number>, Record<string, number>];
  t.is(lines.length, 3);
  t.is(done.testLoss, second.valLoss);
  t.is(done.testAccuracy, second.valAccuracy);
  const seconds = (first.seconds as number) + (second.seconds as number);
  t.true(Math.abs((done.seconds as number) - seconds) < 1e-9 * seconds);
  t.true(Math.abs((done.imagesPerSecond as number) * seconds - 400) < 1e-6);
});

test('two runs, and any number of threads, give the same lines but for the time', async (t) => {
  const data = await smallMnist(t);
  const args = onSmall(data, '--epochs', '2', '--log-every', '1', '--json');
  const [first, again, one, other] = await Promise.all([
    cli(args),
    cli(args),
    cli([...args, '--threads', '1']),
    cli([...args, '--seed', '2']),
  ]);
  t.is(jsonLines(first.stdout).length, 8 + 2 + 1);
  t.deepEqual(timeless(again.stdout), timeless(first.stdout));
  t.deepEqual(timeless(one.stdout), timeless(first.stdout));
  t.notDeepEqual(timeless(other.stdout), timeless(first.stdout));
});

test('learning rate, momentum and batch size reach the training', async (t) => {
  const data = await smallMnist(t);
  const losses = async (...args: string[]) =>
    timeless((await cli(onSmall(data, '--epochs', '1', '--log-every', '1', '--json', ...args))).stdout);
  const plain = await losses();
  t.deepEqual(await losses('--learning-rate', '0.01', '--momentum', '0.9', '--batch-size', '64', '--seed', '1'), plain);
  for (const args of [
    ['--learning-rate', '0.02'],
    ['--momentum', '0.5'],
  ]) {
    const changed = await losses(...args);
    t.deepEqual(changed[0], plain[0], 'the first step sees the same weights and images');
    t.notDeepEqual(changed[3], plain[3], args.join(' '));
  }
  t.is((await losses('--batch-size', '100')).length, 2 + 1 + 1);
});

test('piped text has one line an epoch between first and last', async (t) => {
  const data = await smallMnist(t);
  const { code, stdout, stderr } = await cli(onSmall(data, '--epochs', '2', '--threads', '1'));
  t.is(code, 0);
  t.is(stderr, '');
  const lines = stdout.trimEnd().split('\n');
  t.is(lines.length, 4);
  t.regex(
    lines[0] as string,
    /^Training lenet5 \(61,706 parameters\) on mnist \(200 images, 50 to test with\), 1 thread, \w+$/,
  );
  const epoch = (n: number) =>
    new RegExp(
      `^epoch ${n}/2 {2}loss [\\d.]+ {2}accuracy [\\d.]+ % {2}test loss [\\d.]+ {2}test accuracy [\\d.]+ % {2}[\\d.]+ s {2}[\\d,]+ images/s$`,
    );
  t.regex(lines[1] as string, epoch(1));
  t.regex(lines[2] as string, epoch(2));
  t.regex(
    lines[3] as string,
    /^Test accuracy [\d.]+ %, test loss [\d.]+\. Trained for [\d.]+ s \([\d,]+ images\/s\)\.$/,
  );
  // Nothing that redraws or colours.
  t.false(stdout.includes('\u001b'));
  t.false(stdout.includes('\r'));
});

test('piped text has a line a step with --log-every', async (t) => {
  const data = await smallMnist(t);
  const { stdout } = await cli(onSmall(data, '--epochs', '1', '--log-every', '2'));
  const lines = stdout.trimEnd().split('\n');
  t.regex(lines[1] as string, /^epoch 1\/1 {2}step 2 {2}loss [\d.]+ {2}accuracy [\d.]+ %$/);
  t.regex(lines[2] as string, /^epoch 1\/1 {2}step 4 /);
  t.is(lines.length, 5);
});

test('--out keeps a model that evaluates to the accuracy of the last line', async (t) => {
  const data = await smallMnist(t);
  const out = join(await temporaryFolder(t), 'new', 'folder');
  const trained = await cli(onSmall(data, '--epochs', '2', '--json', '--out', out));
  t.is(trained.code, 0);
  t.deepEqual((await readdir(join(out, 'model'))).sort(), ['model.json', 'weights.safetensors']);
  const done = jsonLines(trained.stdout).at(-1) as Record<string, unknown>;

  const json = await cli(['evaluate', out, '--dataset', 'mnist', '--data', data, '--json', '--threads', '1']);
  t.is(json.code, 0);
  const evaluation = JSON.parse(json.stdout) as Record<string, unknown>;
  t.deepEqual(Object.keys(evaluation), ['loss', 'accuracy', 'classes', 'confusionMatrix']);
  t.deepEqual([evaluation.loss, evaluation.accuracy], [done.testLoss, done.testAccuracy]);

  const text = await cli(['evaluate', out, '--dataset', 'mnist', '--data', data]);
  const { loss, accuracy } = { loss: done.testLoss as number, accuracy: done.testAccuracy as number };
  t.is(
    text.stdout.split('\n')[0],
    `${out} on the 50 test images of mnist: loss ${loss.toFixed(4)}, accuracy ${(accuracy * 100).toFixed(2)} %`,
  );

  const { test: held } = await datasets.mnist({ dir: data });
  t.deepEqual(await (await loadModel(out)).evaluate(held), { loss, accuracy });
});

test('says where the model is, and after the digits what to try next', async (t) => {
  const folder = await temporaryFolder(t);
  const { code, stdout } = await cli(['train', '--dataset', 'digits', '--epochs', '1', '--out', 'net'], {
    cwd: folder,
  });
  t.is(code, 0);
  const lines = stdout.trimEnd().split('\n');
  t.deepEqual(lines.slice(-2), ['The model is in net.', 'Next, real handwriting: cnnative train --dataset mnist']);
});

test('a loss that is no number any more fails the training', async (t) => {
  const data = await smallMnist(t);
  const out = join(await temporaryFolder(t), 'out');
  const { code, stderr } = await cli(onSmall(data, '--learning-rate', '1e6', '--epochs', '50', '--out', out));
  t.is(code, 1);
  t.regex(
    stderr,
    /^cnnative: model\.train: expected finite numbers in step \d+, in epoch \d+, received \S+ .* Try a lower learning rate/,
  );
  t.false((await readdir(out)).includes('model'));
});

test('a damaged file of --data fails the training before it begins', async (t) => {
  const data = await smallMnist(t);
  const { code, stdout, stderr } = await cli(onSmall(join(data, 'train-images-idx3-ubyte')));
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, /^cnnative: --data: [^\n]*\n$/);
});

test('a model that was never compiled can be evaluated', async (t) => {
  const { lenet5 } = await import('#lib/models/lenet5.js');
  const folder = await temporaryFolder(t);
  const data = await smallMnist(t);
  await lenet5({ seed: 3 }).save(folder);
  const { code, stdout } = await cli(['evaluate', folder, '--dataset', 'mnist', '--data', data, '--json']);
  t.is(code, 0);
  const { loss, accuracy } = JSON.parse(stdout) as Record<string, number>;
  t.deepEqual([typeof loss, typeof accuracy], ['number', 'number']);
});

test('trains on CIFAR-10 and tests the saved model on it', async (t) => {
  const folder = await temporaryFolder(t);
  const data = join(folder, 'data');
  await mkdir(data);
  const labels = Array.from({ length: 20 }, (_, i) => i % 10);
  for (const name of ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch']) {
    await writeFile(join(data, `${name}.bin`), binaryBatch(labels));
  }
  await writeFile(join(data, 'batches.meta.txt'), CLASS_NAMES.join('\n'));
  const on = ['--dataset', 'cifar10', '--data', data, '--json'];
  const out = join(folder, 'model');
  const { code, stdout, stderr } = await cli(['train', ...on, '--epochs', '1', '--out', out]);
  t.is(stderr, '');
  t.is(code, 0);
  const { step } = jsonLines(stdout)[0] as { step: number };
  t.is(step, 2); // 100 images in steps of 64
  const { testLoss } = jsonLines(stdout).at(-1) as { testLoss: number };
  const again = await cli(['evaluate', out, ...on]);
  t.is((JSON.parse(again.stdout) as { loss: number }).loss, testLoss);

  const absent = await cli(['train', '--dataset', 'cifar10', '--data', 'absent']);
  t.is(absent.code, 1);
  t.regex(absent.stderr, /^cnnative: --data: datasets\.cifar10: [^\n]*absent, which is not a folder\.[^\n]*\n$/);
});

test('trains on Fashion-MNIST', async (t) => {
  const data = await smallMnist(t);
  const { code, stdout } = await cli(['train', '--dataset', 'fashion-mnist', '--data', data, '--epochs', '1']);
  t.is(code, 0);
  t.regex(stdout, /^Training lenet5 \(61,706 parameters\) on fashion-mnist \(200 images, 50 to test with\)/);
});

test('a run that fails before it begins leaves files of others where they are', async (t) => {
  const out = await temporaryFolder(t);
  await writeFile(join(out, 'environment.json'), 'mine');
  await cli(['train', '--dataset', 'mnist', '--data', join(out, 'nowhere'), '--out', out]);
  t.deepEqual(await readdir(out), ['environment.json']);
});

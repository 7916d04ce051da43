import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { datasets, images, layers, type Model, optimizers, sequential } from 'cnnative';
import { cli, jsonLines } from '../helpers/cli.js';
import { png } from '../helpers/png.js';
import { smallMnist } from '../helpers/small-mnist.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const NAMES = ['ant', 'bee', 'cat', 'dog', 'elk'];

function network(channels: 1 | 3): Model {
  const model = sequential({ inputShape: [channels, 6, 8], seed: 4 }, [
    layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: NAMES.length, activation: 'softmax' }),
  ]);
  model.classNames = NAMES;
  return model;
}

/** Two coloured pictures, of the model's size and larger. */
async function pictures(t: ExecutionContext): Promise<{ folder: string; paths: string[] }> {
  const folder = await temporaryFolder(t);
  const paths = [join(folder, 'a.png'), join(folder, 'b.png')];
  for (const [i, [width, height]] of [
    [8, 6],
    [20, 30],
  ].entries() as Iterable<[number, [number, number]]>) {
    const pixels = Uint8Array.from({ length: width * height * 3 }, (_, k) => (k * 7919 + i * 31) % 251);
    await writeFile(paths[i] as string, png(width, height, 3, pixels));
  }
  return { folder, paths };
}

for (const channels of [1, 3] as const) {
  test(`predict names the likeliest classes of pictures, with ${channels} channels`, async (t) => {
    const { folder, paths } = await pictures(t);
    const model = network(channels);
    await model.save(join(folder, 'model'));
    for (const flip of [false, true]) {
      const args = [
        'predict',
        join(folder, 'model'),
        ...paths,
        '--top',
        '3',
        '--json',
        ...(flip ? ['--flip', '--shift', '1'] : []),
      ];
      const { code, stdout, stderr } = await cli(args);
      t.is(stderr, '');
      t.is(code, 0);
      for (const [i, line] of jsonLines(stdout).entries()) {
        const { data } = await images.read(paths[i] as string, { height: 6, width: 8, channels });
        const outputs = Array.from((await model.predict(data, { views: { flip, shift: flip ? 1 : 0 } })).data);
        const order = outputs.map((_, label) => label).sort((a, b) => (outputs[b] as number) - (outputs[a] as number));
        t.is(line.image, paths[i]);
        const predictions = line.predictions as { class: string; label: number; probability: number }[];
        t.deepEqual(
          predictions.map(({ class: name, label }) => [name, label]),
          order.slice(0, 3).map((label) => [NAMES[label], label]),
        );
        for (const { label, probability } of predictions) {
          t.true(Math.abs(probability - (outputs[label] as number)) < 1e-5);
        }
      }
      t.is(jsonLines(stdout).length, 2);
    }
  });
}

test('predict prints a table for each picture; logits become probabilities, classes without names numbers', async (t) => {
  const { folder, paths } = await pictures(t);
  const model = sequential({ inputShape: [3, 6, 8], seed: 4 }, [layers.flatten(), layers.dense({ units: 3 })]);
  await model.save(join(folder, 'model'));
  const { stdout } = await cli(['predict', join(folder, 'model'), paths[0] as string]);
  const lines = stdout.trimEnd().split('\n');
  t.is(lines[0], paths[0]);
  t.regex(lines[1] as string, /^ {2}class +probability$/);
  const rows = lines.slice(2).map((line) => /^ {2}([012]) +([\d.]+) %$/.exec(line));
  t.is(rows.length, 3);
  const sum = rows.reduce((total, row) => total + Number(row?.[2]), 0);
  t.true(Math.abs(sum - 100) < 0.05);
});

test('predict prints the probabilities that a model makes, a reshape behind them or not', async (t) => {
  const { folder, paths } = await pictures(t);
  for (const activation of ['softmax', 'sigmoid'] as const) {
    const model = sequential({ inputShape: [3, 6, 8], seed: 4 }, [
      layers.conv2d({ filters: 4, kernelSize: [6, 8] }),
      layers.flatten(),
      layers.activation({ activation }),
      layers.reshape({ targetShape: [4] }),
    ]);
    await model.save(join(folder, activation));
    const { stdout } = await cli(['predict', join(folder, activation), paths[0] as string, '--top', '4', '--json']);
    const { data } = await images.read(paths[0] as string, { height: 6, width: 8, channels: 3 });
    const expected = Array.from((await model.predict(data)).data).sort((a, b) => b - a);
    const [{ predictions } = {}] = jsonLines(stdout) as { predictions?: { probability: number }[] }[];
    for (const [i, { probability }] of predictions?.entries() ?? []) {
      t.true(Math.abs(probability - (expected[i] as number)) < 1e-5);
    }
    t.is(predictions?.length, 4);
  }
});

test('predict says what is wrong with a picture or a model', async (t) => {
  const { folder, paths } = await pictures(t);
  const model = join(folder, 'model');
  await network(3).save(model);
  const absent = await cli(['predict', model, join(folder, 'absent.png')]);
  t.is(absent.code, 1);
  t.regex(absent.stderr, /^cnnative: images\.read: expected a readable file, received [^\n]*absent\.png/);
  await writeFile(join(folder, 'text.png'), 'no picture');
  t.is((await cli(['predict', model, join(folder, 'text.png')])).code, 1);
  await sequential({ inputShape: [4] }, [layers.dense({ units: 2 })]).save(join(folder, 'flat'));
  const flat = await cli(['predict', join(folder, 'flat'), paths[0] as string]);
  t.is(flat.code, 2);
  t.regex(
    flat.stderr,
    /^cnnative: predict: expected a model of images \[1, H, W\] or \[3, H, W\] with an output for each/,
  );
});

test('evaluate scores each class', async (t) => {
  const data = await smallMnist(t);
  const folder = await temporaryFolder(t);
  const { train, test: held } = await datasets.mnist({ dir: data });
  const model = sequential({ inputShape: [1, 28, 28], seed: 2 }, [
    layers.flatten(),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  const loss = 'sparseCategoricalCrossentropy';
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.05 }), loss });
  await model.fit(train, { epochs: 2 });
  await model.save(folder);
  for (const flip of [false, true]) {
    const on = ['evaluate', folder, '--dataset', 'mnist', '--data', data, ...(flip ? ['--flip', '--shift', '2'] : [])];
    const result = JSON.parse((await cli([...on, '--json'])).stdout) as {
      accuracy: number;
      classes: { name: string; precision: number; recall: number; f1: number; support: number }[];
      confusionMatrix: number[][];
    };
    const { data: outputs } = await model.predict(held.images, { views: { flip, shift: flip ? 2 : 0 } });
    const predicted = Array.from(held.labels, (_, i) => {
      const own = outputs.subarray(i * 10, i * 10 + 10);
      return own.indexOf(Math.max(...own));
    });
    const among = (of: (i: number) => boolean) => predicted.filter((_, i) => of(i)).length;
    for (const [label, { name, precision, recall, f1, support }] of result.classes.entries()) {
      const right = among((i) => predicted[i] === label && held.labels[i] === label);
      const claimed = among((i) => predicted[i] === label);
      const there = among((i) => held.labels[i] === label);
      t.is(name, `${label}`);
      t.is(support, there);
      t.is(precision, claimed === 0 ? 0 : right / claimed);
      t.is(recall, there === 0 ? 0 : right / there);
      t.true(Math.abs(f1 - (claimed + there === 0 ? 0 : (2 * right) / (claimed + there))) < 1e-12);
      t.is(result.confusionMatrix[label]?.[label], right);
      t.is(
        result.confusionMatrix[label]?.reduce((sum, count) => sum + count),
        there,
      );
    }
    t.is(result.accuracy, among((i) => predicted[i] === held.labels[i]) / held.size);
    const text = (await cli(on)).stdout;
    t.regex(text, /^class +precision +recall +F1 +support$/m);
    t.regex(text, /^true \\ predicted( +\d){10}$/m);
  }
});

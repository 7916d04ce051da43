import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { images, layers, loadModel, sequential } from 'cnnative';
import { cli, jsonLines } from '../helpers/cli.js';
import { idxBytes } from '../helpers/idx-file.js';
import { png } from '../helpers/png.js';
import { smallMnist } from '../helpers/small-mnist.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const flat = (units: number) => ({ layers: [{ type: 'flatten' }, { type: 'dense', units, activation: 'softmax' }] });
const DIGITS = { data: { type: 'digits', train: 200, test: 50, seed: 3 }, model: flat(10), training: { epochs: 1 } };

/** Trains by a configuration in a new folder. */
async function trained(t: ExecutionContext, config: object, folder?: string): Promise<{ cwd: string; done: Numbers }> {
  const cwd = folder ?? (await temporaryFolder(t));
  await writeFile(join(cwd, 'a.json'), JSON.stringify({ ...config, out: 'run' }));
  const { code, stdout, stderr } = await cli(['train', 'a.json', '--json'], { cwd });
  t.deepEqual([code, stderr], [0, '']);
  return { cwd, done: jsonLines(stdout).at(-1) as Numbers };
}

type Numbers = Record<string, number>;

async function evaluated(t: ExecutionContext, args: string[], cwd: string): Promise<Numbers> {
  const { code, stdout, stderr } = await cli(['evaluate', ...args, '--json'], { cwd });
  t.deepEqual([code, stderr], [0, '']);
  return JSON.parse(stdout) as Numbers;
}

async function refused(t: ExecutionContext, args: string[], cwd: string, message: RegExp, code = 1): Promise<void> {
  const result = await cli(args, { cwd });
  t.is(result.stdout, '');
  t.regex(result.stderr, message);
  t.is(result.code, code);
}

test("a run's model is evaluated on the run's own test data", async (t) => {
  const { cwd, done } = await trained(t, DIGITS);
  for (const [folder, from] of [
    ['run', cwd],
    [join('run', 'model'), cwd],
    [join(cwd, 'run', 'best', '/'), cwd],
    ['model', join(cwd, 'run')],
    ['.', join(cwd, 'run')],
  ] as const) {
    const { loss, accuracy } = await evaluated(t, [folder], from);
    t.deepEqual([loss, accuracy], [done.testLoss, done.testAccuracy], folder);
  }
  const { stdout } = await cli(['evaluate', 'run'], { cwd });
  t.regex(stdout, /^run on the 50 test images of digits: loss /);
  // A set by its name is the whole of it.
  const whole = await cli(['evaluate', 'run', '--dataset', 'digits'], { cwd });
  t.regex(whole.stdout, /^run on the 2,000 test images of digits: /);
  await refused(t, ['evaluate', 'run', '--data', '.'], cwd, /^cnnative: --data: expected no folder for digits/, 2);
});

test('a model outside of a run needs the name of a set', async (t) => {
  const cwd = await temporaryFolder(t);
  const model = sequential({ inputShape: [1, 28, 28] }, [layers.flatten(), layers.dense({ units: 10 })]);
  // A configuration beside it is not that of its run.
  await writeFile(join(cwd, 'config.json'), JSON.stringify(DIGITS));
  await model.save(join(cwd, 'net'));
  const message =
    /^cnnative: --dataset: expected the name of a data set, received none, and net is not in the folder of a run/;
  await refused(t, ['evaluate', 'net'], cwd, message, 2);
});

test('the configuration of a run that is damaged is named', async (t) => {
  const { cwd } = await trained(t, DIGITS);
  await writeFile(join(cwd, 'run', 'config.json'), '{"data": "minst"}');
  await refused(t, ['evaluate', 'run'], cwd, /config\.json: data: expected one of [^\n]* Did you mean 'mnist'\?\n$/, 2);
  await refused(t, ['train', '--resume', 'run'], cwd, /config\.json: data: expected one of /, 2);
  await writeFile(join(cwd, 'run', 'config.json'), 'null');
  await refused(
    t,
    ['evaluate', 'run'],
    cwd,
    /config\.json: the configuration: expected an object, received null\.\n$/,
    2,
  );
});

test('a run tells its data from wherever it is evaluated, and what has moved is asked for', async (t) => {
  const data = await smallMnist(t);
  const cwd = await temporaryFolder(t);
  await rename(data, join(cwd, 'data'));
  const on = ['train', '--dataset', 'mnist', '--data', 'data', '--epochs', '1', '--out', 'run', '--json'];
  const done = jsonLines((await cli(on, { cwd })).stdout).at(-1) as Numbers;
  t.is((await evaluated(t, ['run'], cwd)).loss, done.testLoss);
  t.is((await evaluated(t, ['.'], join(cwd, 'run'))).loss, done.testLoss);
  await rename(join(cwd, 'data'), join(cwd, 'moved'));
  const place = 'data\\.dir: datasets\\.mnist: expected a folder [^\\n]*, received [^\\n]*data, which is not a folder';
  await refused(
    t,
    ['evaluate', 'run'],
    cwd,
    new RegExp(`config\\.json: ${place}\\. [^\\n]* If they have moved, say where they are by --data\\.\\n$`),
  );
  t.is((await evaluated(t, ['run', '--data', 'moved'], cwd)).loss, done.testLoss);
  const resumed = await cli(['train', '--resume', 'run', '--data', 'moved', '--epochs', '2', '--json'], { cwd });
  t.deepEqual([resumed.code, resumed.stderr], [0, '']);
  t.is(jsonLines(resumed.stdout)[0]?.epoch, 2);
  t.is(
    (await evaluated(t, ['run'], cwd)).loss,
    jsonLines(resumed.stdout).at(-1)?.testLoss as number,
    'kept in config.json',
  );
  await refused(
    t,
    ['evaluate', 'run', '--data', 'gone'],
    cwd,
    /^cnnative: --data: [^\n]* for --data, received [^\n]*gone, which/,
  );
});

/** Pictures of two classes, dark and bright, 4 rows of 8. */
async function pictures(folder: string): Promise<void> {
  for (const [split, count] of [
    ['train', 10],
    ['val', 4],
  ] as const) {
    for (const [label, name] of ['dark', 'bright'].entries()) {
      await mkdir(join(folder, split, name), { recursive: true });
      for (let i = 0; i < count; i++) {
        const pixels = Uint8Array.from({ length: 32 }, (_, k) => 180 * label + ((k * 37 + i * 11) % 70));
        await writeFile(join(folder, split, name, `${i}.png`), png(8, 4, 1, pixels));
      }
    }
  }
}

test('a run on folders of pictures is evaluated on them, and predicts from pictures that went the same way', async (t) => {
  const folder = await temporaryFolder(t);
  await pictures(join(folder, 'pictures'));
  const data = { type: 'imageFolder', dir: 'pictures', size: 4, color: 'gray', fit: 'contain', test: 'val' };
  const { cwd, done } = await trained(t, { data, model: flat(2), training: { epochs: 2, batchSize: 8 } }, folder);
  t.deepEqual((await evaluated(t, ['run'], cwd)).loss, done.testLoss);
  const { stdout } = await cli(['evaluate', 'run'], { cwd });
  t.regex(stdout, /^run on the 8 test images of [^\n]*pictures: /);

  const picture = join(cwd, 'pictures', 'val', 'dark', '0.png');
  const model = await loadModel(join(cwd, 'run'));
  for (const [args, fit] of [
    [[], 'contain'],
    [['--fit', 'cover'], 'cover'],
    [['--fit', 'fill'], 'fill'],
  ] as const) {
    const { data: pixels } = await images.read(picture, { height: 4, width: 4, channels: 1, fit });
    const outputs = Array.from((await model.predict(pixels)).data).sort((a, b) => b - a);
    const [line] = jsonLines((await cli(['predict', 'run', picture, '--json', ...args], { cwd })).stdout);
    const { predictions } = line as { predictions: { probability: number }[] };
    t.deepEqual(
      predictions.map(({ probability }) => probability),
      outputs,
      fit,
    );
  }

  // Without those to train on, as long as there are the same classes.
  await rm(join(cwd, 'pictures', 'train'), { recursive: true });
  t.deepEqual((await evaluated(t, ['run'], cwd)).loss, done.testLoss);
  await mkdir(join(cwd, 'pictures', 'val', 'cats'));
  const classes =
    'expected folders of the classes that the model was trained on, bright, dark, received bright, cats, dark\\.';
  await refused(t, ['evaluate', 'run'], cwd, new RegExp(classes));
  await rm(join(cwd, 'pictures', 'val', 'cats'), { recursive: true });

  await rename(join(cwd, 'pictures'), join(cwd, 'moved'));
  await refused(
    t,
    ['evaluate', 'run'],
    cwd,
    /config\.json: data: datasets\.imageFolder: expected a folder at [^\n]*pictures, [^\n]* say where they are by --data\.\n$/,
  );
  t.deepEqual((await evaluated(t, ['run', '--data', 'moved'], cwd)).loss, done.testLoss);
  await refused(t, ['evaluate', 'run', '--data', 'gone'], cwd, /^cnnative: --data: datasets\.imageFolder: /);
});

test('a run on files of numbers is evaluated on them', async (t) => {
  const folder = await temporaryFolder(t);
  const labels = [0, 1, 0, 1, 0, 1];
  const samples = (count: number) => Uint8Array.from({ length: 16 * count }, (_, i) => (i * 97) % 256);
  await writeFile(join(folder, 'images'), idxBytes([6, 4, 4], samples(6)));
  await writeFile(join(folder, 'labels'), idxBytes([6], labels));
  // Without the larger class.
  await writeFile(join(folder, 'test-images'), idxBytes([3, 4, 4], samples(3)));
  await writeFile(join(folder, 'test-labels'), idxBytes([3], [0, 0, 0]));
  const part = (name: string) => ({ images: `${name}images`, labels: `${name}labels` });
  const data = { type: 'files', train: part(''), test: part('test-') };
  const { cwd, done } = await trained(t, { data, model: flat(2), training: { epochs: 1 } }, folder);
  await rm(join(folder, 'images'));
  const { loss, classes } = await evaluated(t, ['run'], cwd);
  t.is(loss, done.testLoss);
  t.is((classes as unknown as unknown[]).length, 2);
  await rm(join(folder, 'test-labels'));
  await refused(
    t,
    ['evaluate', 'run'],
    cwd,
    /config\.json: data: [^\n]*test-labels: expected a readable file, [^\n]* If files have moved, say so there\.\n$/,
  );
  await refused(t, ['evaluate', 'run', '--data', '.'], cwd, /--data: expected no folder for data of the type files/, 2);
});

test('the loss is that which the run was trained with, of labels or of targets', async (t) => {
  for (const loss of [
    { type: 'sparseCategoricalCrossentropy', labelSmoothing: 0.2 },
    'categoricalCrossentropy',
    'meanSquaredError',
    'halfSumOfSquares',
    'hinge',
  ]) {
    const { cwd, done } = await trained(t, { ...DIGITS, loss });
    const evaluation = await evaluated(t, ['run'], cwd);
    t.deepEqual([evaluation.loss, evaluation.accuracy], [done.testLoss, done.testAccuracy], JSON.stringify(loss));
  }
});

test('losses of targets see one for each class', async (t) => {
  const losses = await Promise.all(
    ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'].map(
      async (loss) => (await trained(t, { ...DIGITS, loss })).done,
    ),
  );
  const [sparse, dense] = losses as [Numbers, Numbers];
  t.true(Math.abs((sparse.testLoss as number) - (dense.testLoss as number)) < 1e-5);

  // Of one step without momentum from weights of zero, by hand: hinge's targets are -1 and 1, those of squares 0 and 1.
  const zeros = { type: 'dense', units: 10, kernelInitializer: 'zeros', trainable: false };
  const still = (loss: string) => ({ ...DIGITS, loss, model: { layers: [{ type: 'flatten' }, zeros] } });
  t.is((await trained(t, still('hinge'))).done.testLoss, 1);
  t.true(Math.abs(((await trained(t, still('meanSquaredError'))).done.testLoss as number) - 0.1) < 1e-7);
});

test('a loss of targets and data on disk do not go together', async (t) => {
  const folder = await temporaryFolder(t);
  await pictures(join(folder, 'pictures'));
  const data = { type: 'imageFolder', dir: 'pictures', size: 4, test: 'val' };
  await writeFile(join(folder, 'a.json'), JSON.stringify({ data, model: flat(2), loss: 'hinge' }));
  const message = /^cnnative: loss: expected one of labels for data that stays on disk, [^\n]*, received 'hinge'\.\n$/;
  await refused(t, ['train', 'a.json'], folder, message, 2);
});

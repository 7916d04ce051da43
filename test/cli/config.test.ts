import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { datasets, info, loadModel } from 'cnnative';
import { cli, jsonLines, packageRoot, signalAfter } from '../helpers/cli.js';
import { firstDifference } from '../helpers/first-difference.js';
import { smallMnist } from '../helpers/small-mnist.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** Lines without what may differ between two runs. */
const timeless = (stdout: string) => jsonLines(stdout).map(({ seconds, imagesPerSecond, ...rest }) => rest);

const LAYERS = [
  { type: 'conv2d', filters: 4, kernelSize: 3, strides: 2, activation: 'relu' },
  { type: 'flatten' },
  { type: 'dense', units: 10, activation: 'softmax' },
];
const DIGITS = { type: 'digits', train: 200, test: 50 };

async function write(folder: string, name: string, config: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config));
  return path;
}

test('a configuration trains as the same options do, and options override it', async (t) => {
  const data = await smallMnist(t);
  const folder = await temporaryFolder(t);
  const config = await write(folder, 'mnist.json', {
    data: { type: 'mnist', dir: data },
    optimizer: { type: 'sgd', learningRate: 0.02, momentum: 0.5 },
    training: { epochs: 2, batchSize: 50, logEvery: 3 },
    seed: 7,
  });
  const on = ['train', '--dataset', 'mnist', '--data', data, '--json', '--log-every', '3', '--batch-size', '50'];
  const flags = await cli([...on, '--learning-rate', '0.02', '--momentum', '0.5', '--seed', '7', '--epochs', '2']);
  const file = await cli(['train', config, '--json']);
  t.is(file.stderr, '');
  t.deepEqual(timeless(file.stdout), timeless(flags.stdout));
  const other = await cli(['train', config, '--json', '--epochs', '1', '--learning-rate', '0.01', '--seed', '8']);
  const same = await cli([...on, '--learning-rate', '0.01', '--momentum', '0.5', '--seed', '8', '--epochs', '1']);
  t.deepEqual(timeless(other.stdout), timeless(same.stdout));
  t.is(jsonLines(other.stdout).filter(({ event }) => event === 'epoch').length, 1);
});

test('a whitening kernel and views of tests are what a configuration asks for', async (t) => {
  const folder = await temporaryFolder(t);
  const layers = [
    { type: 'conv2d', filters: 8, kernelSize: 2, kernelInitializer: 'whitening', kernelTrainable: false },
    { type: 'relu' },
    { type: 'flatten' },
    { type: 'dense', units: 10 },
    { type: 'rescaling', scale: 0.25 },
  ];
  const config = {
    data: DIGITS,
    model: { layers },
    training: { epochs: 1, validationViews: { flip: true, shift: 1 } },
  };
  for (const validation of [true, false]) {
    const out = join(folder, `${validation}`);
    const path = await write(folder, 'a.json', { ...config, training: { ...config.training, validation } });
    const { stdout, stderr } = await cli(['train', path, '--json', '--out', out]);
    t.is(stderr, '');
    const model = await loadModel(out);
    const kernel = (await model.getWeights())['conv2d/kernel']?.data as Float32Array;
    t.deepEqual(
      kernel.subarray(16),
      kernel.subarray(0, 16).map((value) => -value),
    );
    const { test } = await datasets.digits({ train: DIGITS.train, test: DIGITS.test });
    const evaluation = await model.evaluate(test, { views: { flip: true, shift: 1 } });
    t.is(jsonLines(stdout).at(-1)?.testLoss, evaluation.loss);
    t.not((await model.evaluate(test)).loss, evaluation.loss);
  }
});

test('a run leaves its configuration, environment, metrics and models', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await write(folder, 'small.json', {
    name: 'small',
    data: DIGITS,
    model: { layers: LAYERS },
    training: { epochs: 3, logEvery: 2 },
    out: 'run',
  });
  const { code, stdout, stderr } = await cli(['train', config, '--json', '--threads', '1']);
  t.is(stderr, '');
  t.is(code, 0);
  const out = join(folder, 'run');
  const files = ['best', 'checkpoints', 'config.json', 'environment.json', 'metrics.jsonl', 'model'];
  t.deepEqual((await readdir(out)).sort(), files);
  const read = async (name: string) => JSON.parse(await readFile(join(out, name), 'utf8')) as Record<string, unknown>;
  const { optimizer, training, seed, threads, out: kept } = await read('config.json');
  t.is(kept, out);
  t.deepEqual(optimizer, { type: 'sgd', learningRate: 0.01, momentum: 0.9 });
  t.deepEqual(training, { epochs: 3, batchSize: 64, validation: true, logEvery: 2 });
  t.deepEqual([seed, threads], [1, 1]);
  const environment = await read('environment.json');
  t.is(environment.cnnative, info().version);
  t.is(environment.node, process.version);
  t.is(environment.isa, info().isa);
  t.is(environment.threads, 1);
  t.deepEqual(environment.command, ['cnnative', 'train', config, '--json', '--threads', '1']);
  t.deepEqual(jsonLines(await readFile(join(out, 'metrics.jsonl'), 'utf8')), jsonLines(stdout));

  const names = Array.from({ length: 10 }, (_, i) => `${i}`);
  const [best, final] = [await loadModel(join(out, 'best')), await loadModel(out)];
  t.deepEqual([best.classNames, final.classNames], [names, names]);
  const evaluations = await Promise.all(
    ['best', 'model'].map(async (part) => {
      const result = await cli(['evaluate', join(out, part), '--dataset', 'digits', '--json']);
      return JSON.parse(result.stdout) as { accuracy: number };
    }),
  );
  t.true(evaluations.every(({ accuracy }) => accuracy > 0));

  const again = await cli(['train', config]);
  t.is(again.code, 1);
  t.regex(
    again.stderr,
    /^cnnative: --out: expected a folder without a run, received [^\n]*run, which holds one\. Go on/,
  );
});

test('the best model is that of the best epoch', async (t) => {
  const { Best } = await import('#lib/cli/train/best.js');
  const best = new Best();
  const epoch = (valLoss?: number, valAccuracy?: number) =>
    best.isBest({ valLoss, valAccuracy } as unknown as Parameters<typeof best.isBest>[0]);
  t.false(epoch(undefined, undefined));
  t.true(epoch(2, 0.5));
  t.false(epoch(2, 0.5));
  t.true(epoch(1.9, 0.5));
  t.true(epoch(3, 0.6));
  t.false(epoch(1, 0.5));
  t.false(epoch(Number.NaN, 0.9));
});

test('a configuration that is none names file and place, and trains nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const fails = async (name: string, config: unknown, message: RegExp, code = 2) => {
    const result = await cli(['train', await write(folder, name, config), '--out', join(folder, 'out')]);
    t.is(result.stdout, '');
    t.regex(result.stderr, message);
    t.is(result.code, code);
  };
  await fails('a.json', '{ "data": ', /a\.json: expected JSON, received (?![^\n]*modules)[^\n]*\n$/);
  await fails(
    'a.ts',
    'const a: number = 3;',
    /a\.ts: expected JSON, [^\n]*\. The names of modules end in \.js, \.mjs, \.cjs\.\n$/,
  );
  await fails('b.json', { data: DIGITS, optimiser: 'sgd' }, /b\.json: optimiser: [^\n]* Did you mean 'optimizer'\?\n$/);
  await fails('c.mjs', 'export default 3;', /c\.mjs: expected a module whose default export is an object/);
  await fails('e.json', { data: DIGITS, model: { layers: [...LAYERS, { type: 'add' }] } }, /model\.layers\[3\]: /);
  const reads = { layers: [...LAYERS, { type: 'add', inputs: ['inptu', 'input'] }] };
  await fails('f.json', { data: DIGITS, model: reads }, /model\.layers\[3\]: [^\n]*Did you mean 'input'\?\n$/);
  const module = await cli(['train', 'absent.mjs'], { cwd: folder });
  t.is(module.stderr, 'cnnative: absent.mjs: expected a configuration, received absent.mjs, which does not exist.\n');
  const absent = await cli(['train', join(folder, 'absent.json')]);
  t.is(absent.code, 1);
  t.regex(
    absent.stderr,
    /absent\.json: expected a configuration, received [^\n]*absent\.json, which does not exist\.\n$/,
  );
  t.false(existsSync(join(folder, 'out', 'config.json')));
});

test('a run that was stopped goes on to the same end', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await write(folder, 'a.json', {
    data: DIGITS,
    model: { layers: LAYERS },
    training: { epochs: 400, logEvery: 1, batchSize: 20 },
  });
  const [whole, parted] = [join(folder, 'whole'), join(folder, 'parted')];
  const straight = cli(['train', config, '--json', '--out', whole]);
  const first = await cli(['train', config, '--json', '--out', parted], { onStdout: signalAfter(29, 'SIGTERM') });
  t.is(first.code, 143);
  t.regex(first.stderr, /stopped by SIGTERM [^\n]* Go on with it by: [^\n]+ train --resume [^\n]*parted\n$/);

  const changed = await cli(['train', '--resume', parted, '--batch-size', '21']);
  t.is(changed.code, 2);
  t.regex(
    changed.stderr,
    /training\.batchSize: expected 20, with which the run in [^\n]* was begun, received 21\. Leave/,
  );

  const second = await cli(['train', '--resume', parted, '--json', '--threads', '1']);
  t.is(second.stderr, '');
  t.is(second.code, 0);
  t.is((await straight).code, 0);
  const lines = async (out: string) => timeless(await readFile(join(out, 'metrics.jsonl'), 'utf8'));
  t.is(firstDifference(await lines(parted), await lines(whole)), undefined);
  const weights = (out: string, part: string) => readFile(join(out, part, 'weights.safetensors'));
  for (const part of ['model', 'best']) t.true((await weights(parted, part)).equals(await weights(whole, part)), part);
});

test('callbacks and schedules of a configuration are at work', async (t) => {
  const folder = await temporaryFolder(t);
  const learningRate = { type: 'step', learningRate: 0.05, stepSize: 1, gamma: 1e-30 };
  const config = await write(folder, 'a.json', {
    data: DIGITS,
    model: { layers: LAYERS },
    optimizer: { type: 'sgd', learningRate },
    callbacks: [
      { type: 'earlyStopping', monitor: 'valLoss', patience: 2 },
      { type: 'csvLogger', path: 'log.csv' },
    ],
    training: { epochs: 50 },
  });
  const { stdout, stderr } = await cli(['train', config, '--json']);
  t.is(stderr, '');
  // From the second epoch on nothing changes: the best epoch and two more.
  const epochs = jsonLines(stdout).filter(({ event }) => event === 'epoch');
  t.is(epochs.length, 3);
  t.is(epochs[1]?.valLoss, epochs[0]?.valLoss);
  const rows = (await readFile(join(folder, 'log.csv'), 'utf8')).trimEnd().split('\n');
  t.is(rows.length, 1 + 3);
});

test('a loss that is no number ends a run with an error, or by a callback without one', async (t) => {
  const folder = await temporaryFolder(t);
  const optimizer = { type: 'sgd', learningRate: 1e30 };
  const rest = { data: DIGITS, model: { layers: LAYERS }, optimizer, threads: 1 };
  const refused = await cli(['train', await write(folder, 'a.json', rest), '--json']);
  t.is(refused.code, 1);
  const training = { epochs: 50, terminateOnNaN: false, validation: false };
  const callbacks = [{ type: 'terminateOnNaN' }];
  const ended = await cli(['train', await write(folder, 'b.json', { ...rest, training, callbacks }), '--json']);
  t.is(ended.code, 0, ended.stderr);
  const epochs = jsonLines(ended.stdout).filter(({ event }) => event === 'epoch');
  t.true(epochs.length < 50);
  t.is(epochs.at(-1)?.loss, null);
});

test('metrics of a configuration are reported in lines and in text', async (t) => {
  const folder = await temporaryFolder(t);
  const metrics = ['f1', { type: 'topK', k: 2 }, 'confusionMatrix'];
  const rest = { data: DIGITS, model: { layers: LAYERS }, training: { epochs: 1 } };
  const config = await write(folder, 'a.json', { ...rest, metrics, out: 'run' });
  const [epoch, done] = jsonLines((await cli(['train', config, '--json'])).stdout) as Record<string, unknown>[];
  const keys = ['event', 'epoch', 'step', 'loss', 'valLoss', 'valTopK', 'valF1', 'seconds', 'imagesPerSecond'];
  t.deepEqual(Object.keys(epoch ?? {}), keys);
  t.is(done?.testAccuracy, null);
  const { stdout } = await cli(['train', config, '--out', join(folder, 'other')]);
  const numbers = [epoch?.valTopK, epoch?.valF1].map((value) => (value as number).toFixed(4));
  t.true(stdout.includes(`  test topK ${numbers[0]}  test f1 ${numbers[1]}  `), stdout);
});

test('a run that goes on counts the time of all its epochs', async (t) => {
  const folder = await temporaryFolder(t);
  const rest = { data: DIGITS, model: { layers: LAYERS }, out: 'run' };
  const config = await write(folder, 'a.json', { ...rest, training: { epochs: 2 } });
  const first = jsonLines((await cli(['train', config, '--json'])).stdout) as Record<string, number>[];
  const again = jsonLines((await cli(['train', '--resume', join(folder, 'run'), '--json'])).stdout);
  t.deepEqual(again, [first.at(-1)], 'nothing is left to do');
  const on = ['train', '--resume', join(folder, 'run'), '--epochs', '3', '--json'];
  const [third, done] = jsonLines((await cli(on)).stdout) as [Record<string, number>, Record<string, number>];
  const seconds = [...first.slice(0, 2), third].reduce((sum, epoch) => sum + (epoch.seconds as number), 0);
  t.true(Math.abs((done.seconds as number) - seconds) < 1e-9 * seconds);
  t.true(Math.abs((done.imagesPerSecond as number) * seconds - 600) < 1e-6);
});

test('the test at the end keeps to the limit of memory and the instruction set', async (t) => {
  const folder = await temporaryFolder(t);
  const training = { epochs: 1, validation: false, batchSize: 8 };
  const rest = { data: DIGITS, model: { layers: LAYERS }, training, isa: 'scalar', threads: 1 };
  const config = await write(folder, 'a.json', rest);
  const limited = await write(folder, 'b.json', { ...rest, memoryLimit: '400kB' });
  const lines = async (path: string) => timeless((await cli(['train', path, '--json'])).stdout);
  const all = await lines(config);
  t.is(all.length, 2);
  // Steps of 8 instead of 50 samples change the last bits at most.
  const [free, bound] = [all, await lines(limited)].map(([, done]) => done as { testLoss: number });
  t.true(Math.abs((free?.testLoss ?? 0) - (bound?.testLoss ?? 1)) < 1e-6);
  const validated = await write(folder, 'c.json', { ...rest, training: { ...training, validation: true } });
  t.is((await lines(validated)).at(-1)?.testLoss, free?.testLoss);
});

test('a run that fails before its first step leaves its folder free', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await write(folder, 'a.json', { data: DIGITS, model: { layers: LAYERS }, out: 'run' });
  const fails = await cli(['train', config, '--memory-limit', '1000']);
  t.is(fails.code, 1);
  t.deepEqual(await readdir(join(folder, 'run')), []);
  t.is((await cli(['train', config, '--epochs', '1'])).code, 0);
  t.true((await readdir(join(folder, 'run'))).includes('config.json'));
  // One that has begun keeps what there is of it.
  const diverges = ['train', config, '--out', join(folder, 'other'), '--learning-rate', '1e30', '--log-every', '1'];
  t.is((await cli(diverges)).code, 1);
  t.true((await readdir(join(folder, 'other'))).includes('config.json'));
});

test('augmentations that cannot be are told with file and place, before anything is trained', async (t) => {
  const folder = await temporaryFolder(t);
  const flip = { type: 'horizontalFlip' };
  for (const [augment, message] of [
    [[{ type: 'rotation', degrees: [30, -30] }], 'augment[0]: augmentations.rotation: expected [least, most], numbers'],
    [
      [flip, { type: 'shift' }],
      'augment[1]: augmentations.shift: expected either pixels or fraction, received neither',
    ],
    [
      [{ type: 'mixup' }, { type: 'cutmix' }],
      'the configuration: expected one of mixup and cutmix at most for augment',
    ],
  ] as const) {
    const config = await write(folder, 'a.json', { data: DIGITS, augment, out: 'run' });
    const { code, stdout, stderr } = await cli(['train', config]);
    t.deepEqual([code, stdout, existsSync(join(folder, 'run'))], [2, '', false], stderr);
    t.true(stderr.startsWith(`cnnative: ${config}: ${message}`), stderr);
  }
  // Whether it fits the images is known when there are some.
  const large = await write(folder, 'b.json', { data: DIGITS, augment: [{ type: 'shift', pixels: 100 }] });
  t.regex((await cli(['train', large])).stderr, /expected at most \[28, 28\] for pixels, received \[100, 100\]/);
});

test('a configuration says data.dir where the command would say --data', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await write(folder, 'a.json', { data: { type: 'mnist', dir: 'gone' } });
  const { code, stderr } = await cli(['train', config]);
  t.is(code, 1);
  t.regex(stderr, /^cnnative: data\.dir: [^\n]* for data\.dir, received [^\n]*gone, which is not a folder/);
  const flag = await cli(['train', config, '--data', 'absent']);
  t.regex(flag.stderr, /^cnnative: --data: [^\n]* for --data, received [^\n]*absent, which is not a folder/);
});

test('--resume needs the folder of a run', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'file'), '');
  const fails = async (path: string, reason: string) => {
    const { code, stdout, stderr } = await cli(['train', '--resume', path], { cwd: folder });
    t.deepEqual([code, stdout], [1, '']);
    const expected = 'expected the folder of a run, as `train --out` makes it';
    t.is(stderr, `cnnative: --resume: ${expected}, received ${path}, ${reason}.\n`);
  };
  await fails(folder, 'which holds no config.json');
  await fails('nowhere', 'which does not exist');
  await fails('file', 'which leads through a file');
  await writeFile(join(folder, 'config.json'), '{');
  const damaged = await cli(['train', '--resume', folder]);
  t.is(damaged.code, 2);
  t.regex(damaged.stderr, /^cnnative: [^\n]*config\.json: expected JSON, received [^\n]*\n$/);
});

test('examples of configurations are right', async (t) => {
  const examples = join(packageRoot, 'examples', 'configs');
  const { readConfig } = await import('#lib/config/read-config.js');
  const names = await readdir(examples);
  t.true(names.length >= 2);
  for (const name of names) await t.notThrowsAsync(readConfig(join(examples, name)), name);
});

test('what does not fit data or model is bad usage, with the key of the configuration', async (t) => {
  const folder = await temporaryFolder(t);
  const cases: [name: string, config: object, message: RegExp][] = [
    ['metric', { metrics: ['auc'] }, /^cnnative: metrics: expected a model with one or two outputs [^\n]*\n$/],
    ['top', { metrics: [{ type: 'topK', k: 11 }] }, /^cnnative: metrics: expected at least 11 outputs [^\n]*\n$/],
    ['grey', { augment: [{ type: 'saturation', factor: [0, 1] }] }, /augmentations\.saturation: expected images of 3/],
    [
      'shape',
      { model: { layers: LAYERS, input: { shape: [784] } } },
      /expected an input of shape [^\n]* received \[784\]/,
    ],
  ];
  for (const [name, config, message] of cases) {
    const path = await write(folder, `${name}.json`, { data: DIGITS, model: { layers: LAYERS }, ...config });
    const { code, stderr } = await cli(['train', path]);
    t.is(code, 2, name);
    t.regex(stderr, message);
  }
});

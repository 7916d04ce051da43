import { createRequire } from 'node:module';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { info, layers, optimizers, sequential } from 'cnnative';
import { cli } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const { version } = createRequire(import.meta.url)('cnnative/package.json') as { version: string };

/** A model for the digits in a folder of its own. */
async function savedModel(t: ExecutionContext, { bias = 0.1, compile = true } = {}): Promise<string> {
  const folder = join(await temporaryFolder(t), 'model');
  const network = sequential({ inputShape: [1, 28, 28], seed: 1 }, [
    layers.maxPooling2d({ poolSize: 4 }),
    layers.flatten(),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  if (compile) network.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  await network.setWeights({ 'dense/bias': new Float32Array(10).fill(bias) });
  await network.save(folder);
  return folder;
}

test('gradcheck of a sound model shows a table and ends with 0', async (t) => {
  const { code, stdout, stderr } = await cli(['gradcheck', await savedModel(t), '--elements', '5']);
  t.is(stderr, '');
  t.is(code, 0);
  t.regex(stdout, /^objective +sparseCategoricalCrossentropy\nsamples +4\n/);
  t.regex(stdout, /^tensor +shape +kernels +tried +kinks +worst at +ours +numeric +error$/m);
  t.regex(stdout, new RegExp(`^dense/kernel +\\[10, 49\\] +${info().isa} +5 +0 +\\[\\d+, \\d+\\] .* ok$`, 'm'));
  t.regex(stdout, /^ +double +5 +0 +\[\d+, \d+\] .* ok$/m);
  t.regex(stdout, /^input +\[4, 1, 28, 28\] /m);
  t.regex(stdout, /\npassed: 3 of 3 tensors\n$/);
});

test('gradcheck with --json prints one object with the promised keys', async (t) => {
  const folder = await savedModel(t, { compile: false });
  const { code, stdout } = await cli([
    'gradcheck',
    folder,
    '--json',
    '--samples',
    '3',
    '--seed',
    '2',
    '--threads',
    '1',
  ]);
  t.is(code, 0);
  const { tensors, ...rest } = JSON.parse(stdout) as { tensors: Record<string, unknown>[] };
  t.deepEqual(rest as unknown, {
    library: `cnnative ${version}`,
    passed: true,
    objective: 'sum(dy * output)',
    samples: 3,
    isa: info().isa,
    tolerance: { float32: 0.001, float64: 0.00001 },
  });
  for (const tensor of tensors) {
    t.deepEqual(Object.keys(tensor), ['name', 'shape', 'compared', 'kinks', 'float32', 'float64', 'passed']);
    t.deepEqual(Object.keys(tensor.float32 as object), ['index', 'ours', 'numeric', 'error']);
  }
});

test('gradcheck takes samples of a data set', async (t) => {
  const folder = await savedModel(t);
  const { code, stdout } = await cli(['gradcheck', folder, '--dataset', 'digits', '--samples', '2', '--json']);
  t.is(code, 0);
  t.is((JSON.parse(stdout) as { samples: number }).samples, 2);
});

test('gradcheck of gradients that are wrong shows them and ends with 1', async (t) => {
  const { code, stdout, stderr } = await cli(['gradcheck', await savedModel(t, { bias: Number.NaN })]);
  t.is(code, 1);
  t.regex(stdout, /^dense\/kernel .* WRONG$/m);
  t.regex(stdout, /\nFAILED: 0 of 3 tensors\n$/);
  t.regex(stderr, /^cnnative: expected .*, received others for dense\/kernel, dense\/bias, input\.\n$/);
});

test('bad usage of gradcheck ends with 2, a folder without a model with 1', async (t) => {
  const folder = await savedModel(t);
  for (const args of [[], [folder, '--elements', '0'], [folder, '--dataset', 'cats'], [folder, '--data', 'x']]) {
    const { code, stdout, stderr } = await cli(['gradcheck', ...args]);
    t.is(code, 2, stderr);
    t.is(stdout, '');
  }
  t.is((await cli(['gradcheck', join(folder, 'none')])).code, 1);
});

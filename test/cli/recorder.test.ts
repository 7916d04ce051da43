import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cli, jsonLines } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** A module whose run kills itself before or after a file gets its name for the nth time. */
const MODULE = `
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { KILL } = process.env;
if (KILL !== undefined) {
  const { when, file, nth } = JSON.parse(KILL);
  const rename = fs.rename;
  let met = 0;
  fs.rename = async (from, to) => {
    const isIt = String(to).replaceAll('\\\\', '/').endsWith(file) && ++met === nth;
    if (isIt && when === 'before') process.kill(process.pid, 'SIGKILL');
    await rename(from, to);
    if (isIt) process.kill(process.pid, 'SIGKILL');
  };
  syncBuiltinESMExports();
}

export default {
  data: { type: 'digits', train: 200, test: 50 },
  model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }] },
  optimizer: { type: 'sgd', learningRate: 0.1, average: { type: 'ema', decay: 0.9 } },
  training: { epochs: 3, batchSize: 20 },
  checkpoint: { everySteps: 5 },
};
`;

interface Kill {
  readonly when: 'before' | 'after';
  readonly file: string;
  readonly nth: number;
}

/** A run by the module, killed where asked for; gives its folder. */
async function run(t: ExecutionContext, kill?: Kill): Promise<string> {
  const folder = await temporaryFolder(t);
  const [config, out] = [join(folder, 'config.mjs'), join(folder, 'run')];
  await writeFile(config, MODULE);
  const env = kill && { KILL: JSON.stringify(kill) };
  const { code, signal, stderr } = await cli(['train', config, '--out', out, '--json'], env && { env });
  t.deepEqual([code, signal], kill ? [null, 'SIGKILL'] : [0, null], stderr);
  return out;
}

/** What a run left, without times. */
async function leftIn(out: string) {
  const [model, best] = await Promise.all(
    ['model', 'best'].map((part) => readFile(join(out, part, 'weights.safetensors'), 'base64')),
  );
  const lines = jsonLines(await readFile(join(out, 'metrics.jsonl'), 'utf8'));
  return { model, best, lines: lines.map(({ seconds, imagesPerSecond, ...rest }) => rest) };
}

const evaluated = async (model: string) => {
  const [{ loss, accuracy } = {}] = jsonLines((await cli(['evaluate', model, '--json'])).stdout);
  return { loss, accuracy };
};

test('a run killed wherever files get their names goes on to what one never stopped leaves', async (t) => {
  const whole = await leftIn(await run(t));
  t.is(whole.lines.length, 4);
  for (const kill of [
    { when: 'after', file: 'checkpoint-000000030.safetensors', nth: 1 },
    { when: 'before', file: 'checkpoint-000000020.safetensors', nth: 1 },
    { when: 'before', file: 'best/weights.safetensors', nth: 2 },
    { when: 'before', file: 'best/model.json', nth: 3 },
    { when: 'before', file: 'run/environment.json', nth: 1 },
  ] as const) {
    const out = await run(t, kill);
    const { code, stderr } = await cli(['train', '--resume', out, '--json']);
    t.is(code, 0, stderr);
    t.deepEqual(await leftIn(out), whole, JSON.stringify(kill));
  }
});

test('the best model has the averaged weights that its epoch was tested with', async (t) => {
  const out = await run(t);
  const { lines } = await leftIn(out);
  const epochs = lines.filter(({ event }) => event === 'epoch');
  const best = Math.max(...epochs.map(({ valAccuracy }) => valAccuracy as number));
  const { loss, accuracy } = await evaluated(join(out, 'best'));
  t.true(epochs.some(({ valLoss, valAccuracy }) => valAccuracy === best && accuracy === best && valLoss === loss));
});

test('a run that ends within an epoch is tested as it is', async (t) => {
  const out = await run(t, { when: 'after', file: 'checkpoint-000000025.safetensors', nth: 1 });
  // An epoch before has reached this target.
  const { code, stdout, stderr } = await cli(['train', '--resume', out, '--time-to-accuracy', '0.05', '--json']);
  t.is(code, 0, stderr);
  const { testAccuracy, testLoss } = jsonLines(stdout).at(-1) ?? {};
  t.deepEqual({ loss: testLoss, accuracy: testAccuracy }, await evaluated(out));
});

test('two configurations with the same folder are refused before anything is written', async (t) => {
  const cwd = await temporaryFolder(t);
  for (const name of ['a', 'b']) {
    await writeFile(join(cwd, `${name}.json`), JSON.stringify({ data: { type: 'digits' }, out: 'same' }));
  }
  const { code, stderr } = await cli(['train', 'a.json', 'b.json', '--jobs', '2'], { cwd });
  t.is(code, 2);
  t.regex(stderr, /b\.json: expected a folder for each run, received "out": '[^\n]*same', which a\.json has\./);
  await t.throwsAsync(readFile(join(cwd, 'same', 'config.json')), { code: 'ENOENT' });
});

test('of two runs begun at once in one folder one is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const config = join(folder, 'config.mjs');
  await writeFile(config, MODULE);
  const args = ['train', config, '--out', join(folder, 'run')];
  const ends = await Promise.all([cli(args), cli(args)]);
  t.deepEqual(ends.map(({ code }) => code).sort(), [0, 1]);
  t.true(ends.some(({ stderr }) => stderr.includes('expected a folder without a run')));
});

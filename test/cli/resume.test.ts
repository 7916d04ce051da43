import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type CliResult, cli, jsonLines } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const BASE = {
  data: { type: 'digits', train: 200, test: 50 },
  model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }] },
  threads: 1,
  out: 'run',
};

/** A folder with a configuration, and how to train by it. */
async function prepared(t: ExecutionContext, config: object) {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'a.json');
  const run = join(folder, 'run');
  const write = (other: object) => writeFile(path, JSON.stringify({ ...BASE, ...other }));
  await write(config);
  const train = (...args: string[]) => cli(['train', ...args, '--json']);
  const written = () => readFile(join(run, 'config.json'), 'utf8');
  return { path, run, write, train, written };
}

const epochsOf = (stdout: string) =>
  (jsonLines(stdout) as Record<string, unknown>[]).filter(({ event }) => event === 'epoch').map(({ epoch }) => epoch);

test('what fails to go on leaves the run as it was', async (t) => {
  const { path, run, write, train, written } = await prepared(t, { training: { epochs: 1 } });
  t.is((await train(path)).code, 0);
  const before = await written();
  const limited = await train('--resume', run, '--epochs', '2', '--memory-limit', '10');
  t.is(limited.code, 1);
  await write({ training: { epochs: 2 }, metrics: ['accuracy', 'f1'] });
  const measured = await train('--resume', run, path);
  t.is(measured.code, 1);
  t.regex(measured.stderr, /expected metrics [^\n]*as in the checkpoint/);
  t.is(await written(), before);
  const { code, stdout, stderr } = await train('--resume', run, '--epochs', '2');
  t.is(code, 0, stderr);
  t.deepEqual(epochsOf(stdout), [2]);
  t.not(await written(), before);
});

test('defaults may be said when a run goes on', async (t) => {
  const { path, run, write, train } = await prepared(t, { training: { epochs: 1 } });
  t.is((await train(path)).code, 0);
  await write({ training: { epochs: 2, shuffle: true, sampling: 'shuffle', lastBatch: 'keep' } });
  const { code, stdout, stderr } = await train('--resume', run, path);
  t.is(code, 0, stderr);
  t.deepEqual(epochsOf(stdout), [2]);
  await write({ training: { epochs: 3, lastBatch: 'drop' } });
  const dropped = await train('--resume', run, path);
  t.is(dropped.code, 2);
  t.regex(dropped.stderr, /training\.lastBatch: expected "keep", [^\n]* received "drop"/);
});

test('a run that keeps no checkpoints does not go on', async (t) => {
  const { path, run, train } = await prepared(t, { training: { epochs: 1 }, checkpoint: false });
  t.is((await train(path)).code, 0);
  const metrics = await readFile(join(run, 'metrics.jsonl'), 'utf8');
  const { code, stderr } = await train('--resume', run, '--epochs', '2');
  t.not(code, 0);
  t.regex(
    stderr,
    /^cnnative: --resume: expected a run that keeps checkpoints, received [^\n]*run, which has none [^\n]*\n$/,
  );
  t.is(await readFile(join(run, 'metrics.jsonl'), 'utf8'), metrics);
});

test('a run goes on from its checkpoints though it keeps no more', async (t) => {
  const { path, run, write, train } = await prepared(t, { training: { epochs: 1 } });
  t.is((await train(path)).code, 0);
  const kept = await readdir(join(run, 'checkpoints'));
  await write({ training: { epochs: 2 }, checkpoint: false });
  const { code, stdout, stderr } = await train('--resume', run, path);
  t.is(code, 0, stderr);
  t.deepEqual(epochsOf(stdout), [2]);
  t.deepEqual(await readdir(join(run, 'checkpoints')), kept);
});

test('a run that fails in its first steps leaves its folder free', async (t) => {
  const { path, run, train } = await prepared(t, { training: { epochs: 1 } });
  t.is((await train(path, '--learning-rate', '1e38')).code, 1);
  t.deepEqual(await readdir(run), []);
  const { code, stderr } = await train(path);
  t.is(code, 0, stderr);
});

test('what others keep in the folder stays there when a run fails in its first steps', async (t) => {
  const { path, run, train } = await prepared(t, { training: { epochs: 1 } });
  await mkdir(join(run, 'checkpoints'), { recursive: true });
  await writeFile(join(run, 'checkpoints', 'other.pt'), 'of another program');
  t.is((await train(path, '--learning-rate', '1e38')).code, 1);
  t.deepEqual(await readdir(run), ['checkpoints']);
  t.is(await readFile(join(run, 'checkpoints', 'other.pt'), 'utf8'), 'of another program');
});

test('the numbers at the end are those of the model that is kept', async (t) => {
  const callbacks = [{ type: 'earlyStopping', monitor: 'valLoss', patience: 2, restoreBestWeights: true }];
  const optimizer = { type: 'sgd', learningRate: 1, momentum: 0.9 };
  const { path, run, train } = await prepared(t, { training: { epochs: 20 }, callbacks, optimizer });
  const lines = jsonLines((await train(path)).stdout) as Record<string, number | string>[];
  const epochs = lines.filter(({ event }) => event === 'epoch');
  const losses = epochs.map(({ valLoss }) => valLoss as number);
  t.not(losses.at(-1), Math.min(...losses), 'the best epoch is not the last');
  const done = lines.at(-1);
  t.is(done?.testLoss, Math.min(...losses));
  const evaluated = JSON.parse((await cli(['evaluate', run, '--json'])).stdout) as Record<string, number>;
  t.deepEqual([done?.testLoss, done?.testAccuracy], [evaluated.loss, evaluated.accuracy]);
});

test('epochs that have begun cannot be taken back', async (t) => {
  const { path, run, train, written } = await prepared(t, { training: { epochs: 3 } });
  t.is((await train(path)).code, 0);
  const before = await written();
  const { code, stderr } = await train('--resume', run, '--epochs', '2');
  t.is(code, 1);
  t.regex(stderr, /expected at least 3 for epochs, as many as the training [^\n]* has begun, received 2\. /);
  t.is(await written(), before);
  t.is((await train('--resume', run, '--epochs', '3')).code, 0);
});

test('a run belongs to the process at work on it, and to none that is gone', async (t) => {
  const { path, run, train } = await prepared(t, { training: { epochs: 1_000_000 } });
  const mark = join(run, 'process.json');
  let second: Promise<CliResult> | undefined;
  const first = await cli(['train', path, '--json'], {
    onStdout: (child) => {
      second ??= train('--resume', run).finally(() => child.kill('SIGTERM'));
    },
  });
  const { code, stderr } = (await second) as CliResult;
  t.is(code, 1);
  t.regex(
    stderr,
    /^cnnative: --resume: expected a run that no process is at work on, received [^\n]*which process \d+ trains\. /,
  );
  t.is(first.code, 143);
  t.false(existsSync(mark));
  // The number of this process, of one that began at another time, and nothing that can be read.
  const marks = [`{"pid":${process.pid},"started":"1"}`, '{"pid":2147483647}', '{"pid":'];
  for (const [i, text] of process.platform === 'linux' ? marks.entries() : []) {
    await writeFile(mark, text);
    const again = await train('--resume', run, '--epochs', String(1_000_001 + i), '--time-to-accuracy', '0.01');
    t.is(again.code, 0, again.stderr);
    t.false(existsSync(mark));
  }
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TimeToAccuracy } from '#lib/cli/train/time-to-accuracy.js';
import { cli, jsonLines } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { epochEvent } from '../helpers/training-like.js';

const SMALL = {
  data: { type: 'digits', train: 400, test: 100 },
  model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }] },
  training: { epochs: 6, batchSize: 20 },
};

async function folderWith(t: ExecutionContext, config: object): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'small.json'), JSON.stringify(config));
  return folder;
}

test('counts the seconds of all epochs up to the first that reaches the target', (t) => {
  const time = new TimeToAccuracy(0.9);
  t.false(time.reached(epochEvent(1, { valAccuracy: 0.8 })));
  t.is(time.seconds, null);
  t.true(time.reached(epochEvent(2, { valAccuracy: 0.9 })));
  // Each of these epochs takes 2 s.
  t.is(time.seconds, 4);
  t.true(time.reached(epochEvent(3, { valAccuracy: 0.7 })));
  t.is(time.seconds, 4);
  t.notThrows(() => time.check(3));
});

test('says how far a training came that did not reach its target', (t) => {
  const time = new TimeToAccuracy(0.95);
  t.throws(() => time.check(1), { message: /^expected a test accuracy of 95\.00 % within 1 epoch, received none\./ });
  for (const valAccuracy of [0.5, 0.7, Number.NaN, 0.6]) time.reached(epochEvent(valAccuracy * 10, { valAccuracy }));
  t.throws(() => time.check(4), { message: /within 4 epochs, received at most 70\.00 %, in epoch 7\. Train for more/ });
});

test('a training ends with the epoch that reaches the target, and tells the time', async (t) => {
  const cwd = await folderWith(t, SMALL);
  const whole = jsonLines((await cli(['train', 'small.json', '--json'], { cwd })).stdout);
  const accuracies = whole.slice(0, -1).map(({ valAccuracy }) => valAccuracy as number);
  t.is(accuracies.length, 6);
  const target = accuracies[2] as number;
  const epoch = accuracies.findIndex((accuracy) => accuracy >= target) + 1;
  t.true(epoch < 6);

  const args = ['train', 'small.json', '--time-to-accuracy', `${target}`, '--out', 'run'];
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd });
  t.is(stderr, '');
  t.is(code, 0);
  const lines = jsonLines(stdout);
  t.is(lines.length, epoch + 1);
  const done = lines.at(-1) as Record<string, number>;
  t.deepEqual(Object.keys(done).slice(-2), ['targetAccuracy', 'timeToAccuracy']);
  t.is(done.targetAccuracy, target);
  t.is(done.testAccuracy, accuracies[epoch - 1]);
  const seconds = lines.slice(0, -1).reduce((sum, line) => sum + (line.seconds as number), 0);
  t.true(Math.abs((done.timeToAccuracy as number) - seconds) < 1e-9);
  t.like(jsonLines(await readFile(join(cwd, 'run', 'metrics.jsonl'), 'utf8')).at(-1), { timeToAccuracy: seconds });

  // Gone on with, it has reached its target already.
  const again = await cli(['train', '--resume', 'run', '--json'], { cwd });
  t.is(again.stderr, '');
  const last = jsonLines(again.stdout);
  t.is(last.length, 1);
  t.is(last[0]?.testAccuracy, done.testAccuracy);
  t.true(Math.abs((last[0]?.timeToAccuracy as number) - seconds) < 1e-9);

  const text = (await cli(args.slice(0, 4), { cwd })).stdout.trimEnd().split('\n');
  t.true(text.some((line) => /^Reached [\d.]+ % after [\d.]+ s of training\.$/.test(line)));
});

test('a target out of reach is a failure, after all else is done', async (t) => {
  const training = { ...SMALL.training, epochs: 2, targetAccuracy: 1 };
  const cwd = await folderWith(t, { ...SMALL, data: { ...SMALL.data, train: 40 }, training });
  const { code, stdout, stderr } = await cli(['train', 'small.json', '--json'], { cwd });
  t.is(code, 1);
  t.regex(
    stderr,
    /^cnnative: expected a test accuracy of 100\.00 % within 2 epochs, received at most [\d.]+ %, in epoch /,
  );
  const lines = jsonLines(stdout);
  t.is(lines.length, 3);
  t.like(lines.at(-1), { event: 'done', targetAccuracy: 1, timeToAccuracy: null });
});

test('a target needs a test accuracy after every epoch, and is a share', async (t) => {
  const refuse = async (config: object, message: RegExp, ...args: string[]) => {
    const cwd = await folderWith(t, config);
    const { code, stderr } = await cli(['train', 'small.json', ...args], { cwd });
    t.is(code, 2);
    t.regex(stderr, message);
  };
  const training = { ...SMALL.training, validation: false };
  await refuse(
    { ...SMALL, training },
    /training\.validation: expected true, received false/,
    '--time-to-accuracy',
    '1',
  );
  const withTarget = { ...SMALL, training: { targetAccuracy: 0.5 } };
  await refuse({ ...withTarget, metrics: ['topK'] }, /metrics: expected 'accuracy' among them, received \["topK"\]/);
  await refuse({ ...SMALL, training: { targetAccuracy: 99 } }, /training\.targetAccuracy: expected a number/);
  await refuse(SMALL, /Expected a number above 0 and at most 1/, '--time-to-accuracy', '99');
});

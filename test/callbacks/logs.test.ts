import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type Callback, callbacks, InvalidArgumentError, TrainingError } from 'cnnative';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { epochEvent, stepEvent, TrainingLike, throughFile } from '../helpers/training-like.js';

const LOSSES = [5, 4, 3, 2, 1];

/** What a training never stopped writes. */
async function whole(callback: Callback): Promise<void> {
  const training = new TrainingLike();
  await callback.onTrainBegin?.(training);
  await training.play(callback, LOSSES);
  await callback.onTrainEnd?.(training);
}

const makers: Record<string, (path: string) => Callback> = {
  csvLogger: (path) => callbacks.csvLogger({ path }),
  'csvLogger that appends': (path) => callbacks.csvLogger({ path, append: true }),
  jsonLines: (path) => callbacks.jsonLines({ path, logEvery: 3 }),
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name} writes no line twice when a training is resumed`, async (t) => {
    const folder = await temporaryFolder(t);
    const straight = join(folder, 'straight');
    await whole(make(straight));
    for (let kept = 1; kept < 5; kept++) {
      const path = join(folder, String(kept));
      // Killed an epoch and some steps after its checkpoint, in the middle of a line.
      const killed = make(path);
      const training = new TrainingLike();
      await killed.onTrainBegin?.(training);
      await training.play(killed, LOSSES.slice(0, kept));
      const state = throughFile(killed.state?.());
      await killed.onStep?.(stepEvent(kept + 1, 300), training);
      await killed.onEpochEnd?.(epochEvent(kept + 1, { valLoss: 99 }), training);
      await appendFile(path, '17,1');

      const resumed = make(path);
      const rest = new TrainingLike();
      rest.step = 10 * kept;
      await resumed.onTrainBegin?.(rest);
      resumed.restore?.(state);
      t.deepEqual(resumed.state?.(), state);
      await rest.play(resumed, LOSSES.slice(kept), kept + 1);
      await resumed.onTrainEnd?.(rest);
      t.is(await readFile(path, 'utf8'), await readFile(straight, 'utf8'));
    }
  });
}

test('csvLogger writes a row an epoch', async (t) => {
  const path = join(await temporaryFolder(t), 'deep', 'log.csv');
  await whole(callbacks.csvLogger({ path, separator: ';' }));
  const [head, ...rows] = (await readFile(path, 'utf8')).split('\n');
  t.is(head, 'epoch;step;loss;accuracy;valLoss;learningRate;seconds;imagesPerSecond');
  t.deepEqual(
    rows,
    LOSSES.map((valLoss, i) => `${i + 1};${10 * i + 10};${1 / (i + 1)};0.5;${valLoss};0.1;2;50`).concat(''),
  );
});

test('csvLogger begins a new file, or goes on', async (t) => {
  const path = join(await temporaryFolder(t), 'log.csv');
  await whole(callbacks.csvLogger({ path }));
  const once = await readFile(path, 'utf8');
  await whole(callbacks.csvLogger({ path }));
  t.is(await readFile(path, 'utf8'), once);
  await appendFile(path, '9,9'); // of a kill
  await whole(callbacks.csvLogger({ path, append: true }));
  t.is(await readFile(path, 'utf8'), once + once.slice(once.indexOf('\n') + 1));
});

test('csvLogger does not go on under other columns', async (t) => {
  const path = join(await temporaryFolder(t), 'log.csv');
  await writeFile(path, 'epoch,loss\n1,2\n');
  await t.throwsAsync(whole(callbacks.csvLogger({ path, append: true })), {
    instanceOf: InvalidArgumentError,
    message: /expected the columns epoch,step,loss.*received epoch,loss\. Give another path/,
  });
  t.is(await readFile(path, 'utf8'), 'epoch,loss\n1,2\n');
});

test('jsonLines writes events as they are', async (t) => {
  const path = join(await temporaryFolder(t), 'log.jsonl');
  await whole(callbacks.jsonLines({ path, logEvery: 4 }));
  const lines = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const expected = LOSSES.flatMap((valLoss, i) => [
    ...Array.from({ length: 10 }, (_, k) => stepEvent(i + 1, 10 * i + k + 1)).filter(({ step }) => step % 4 === 0),
    epochEvent(i + 1, { valLoss }),
  ]);
  t.deepEqual(
    lines,
    expected.map((event) => ({ ...event, learningRate: 0.1 })),
  );
});

test('a log that cannot be written is an error that names it', async (t) => {
  const path = await temporaryFolder(t);
  await mkdir(join(path, 'x'));
  const options = { instanceOf: TrainingError, message: new RegExp(`^callbacks\\.\\w+: .*written at ${path}`) };
  t.throws(() => {
    const log = callbacks.csvLogger({ path });
    log.onTrainBegin();
    log.onEpochBegin();
  }, options);
  await t.throwsAsync(whole(callbacks.jsonLines({ path: join(path, 'x') })), options);
  if (process.platform === 'linux') {
    await t.throwsAsync(whole(callbacks.csvLogger({ path: '/dev/full' })), { instanceOf: TrainingError });
  }
});

test('rejects separators that numbers hold', (t) => {
  for (const separator of ['', ',,', '.', '1', 'e', '-', '\n']) {
    t.throws(() => callbacks.csvLogger({ path: 'x', separator }), { message: /one character/ });
  }
  t.throws(() => callbacks.csvLogger({} as never), { message: /non-empty string for path/ });
  t.throws(() => callbacks.jsonLines({ path: 'x', logEvery: -1 }), { message: /logEvery/ });
  t.throws(() => callbacks.csvLogger({ path: 'x' }).restore({}), { message: /number for length of the state/ });
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('paths that no file can be made at end in an error at once', async (t) => {
  const folder = await temporaryFolder(t);
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of ['/proc/nowhere/log.csv', pipe, '/dev/null']) {
    await t.throwsAsync(
      whole(callbacks.csvLogger({ path })),
      { instanceOf: TrainingError, message: /can be written/ },
      path,
    );
  }
});

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { spreadOf } from '#lib/util/spread.js';
import { cli, jsonLines } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const SMALL = {
  data: { type: 'digits', train: 200, test: 100 },
  model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }] },
  training: { epochs: 1, batchSize: 20 },
  seed: 7,
};

async function folderWith(t: ExecutionContext, config: object): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'small.json'), JSON.stringify(config));
  return folder;
}

interface Run {
  readonly name: string;
  readonly status: string;
  readonly accuracy: number;
  readonly trainingSeconds: number;
}

test('seeds beyond the numbers that are exact are refused before anything trains', async (t) => {
  const cwd = await folderWith(t, SMALL);
  const most = Number.MAX_SAFE_INTEGER;
  const { code, stderr, stdout } = await cli(['train', 'small.json', '--seed', `${most}`, '--seeds', '3', '--json'], {
    cwd,
  });
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /--seeds: expected seeds up to 9007199254740991, received 3 from --seed 9007199254740991 on/);
  const beyond = await cli(['train', 'small.json', '--seed', '9007199254740993'], { cwd });
  t.regex(beyond.stderr, /Expected an integer from 0 to 9007199254740991/);
});

test('the spread of values is that of a sample', (t) => {
  const values = [0.991, 0.9893, 0.9904, 0.9911];
  const spread = spreadOf(values);
  t.true(Math.abs((spread?.mean ?? 0) - mean(values)) < 1e-15);
  t.true(Math.abs((spread?.deviation ?? 0) - sampleStandardDeviation(values)) < 1e-15);
  t.like(spread, { min: 0.9893, max: 0.9911 });
  t.deepEqual(spreadOf([3]), { mean: 3, deviation: null, min: 3, max: 3 });
  t.is(spreadOf([]), undefined);
});

test('runs count up from the seed of the configuration, and give what single runs give', async (t) => {
  const cwd = await folderWith(t, SMALL);
  const { code, stdout, stderr } = await cli(['train', 'small.json', '--seeds', '3', '--jobs', '2', '--json'], { cwd });
  t.is(stderr, '');
  t.is(code, 0);
  const lines = jsonLines(stdout);
  const { runs, ...numbers } = lines.at(-1) as { runs: Run[]; accuracy: object; trainingSeconds: object };
  t.deepEqual(
    runs.map(({ name }) => name),
    ['seed-7', 'seed-8', 'seed-9'],
  );
  t.false(existsSync(join(cwd, 'runs')));
  const alone = jsonLines((await cli(['train', 'small.json', '--seed', '8', '--json'], { cwd })).stdout);
  t.is(runs[1]?.accuracy, alone.at(-1)?.testAccuracy as number);
  const accuracies = runs.map(({ accuracy }) => accuracy);
  t.true(new Set(accuracies).size > 1);
  t.deepEqual(numbers.accuracy, JSON.parse(JSON.stringify(spreadOf(accuracies))));
  t.deepEqual(numbers.trainingSeconds, JSON.parse(JSON.stringify(spreadOf(runs.map((run) => run.trainingSeconds)))));
  t.deepEqual(Object.keys(numbers), ['event', 'accuracy', 'trainingSeconds']);
});

test('as text there is a row for each run and each number', async (t) => {
  const cwd = await folderWith(t, SMALL);
  const { stdout } = await cli(['train', 'small.json', '--seeds', '2', '--seed', '1'], { cwd });
  t.regex(stdout, /^seed-1 {2}epoch 1\/1 /m);
  t.regex(stdout, /^run +status +epochs +accuracy +loss +training +in all\nseed-1 +done +1 .*\nseed-2 +done +1 /m);
  t.regex(
    stdout,
    /^ +runs +mean +deviation +min +max\ntest accuracy +2( +[\d.]+ %){4}\ntraining time +2( +[\d.]+ s){4}\n$/m,
  );
});

test('a seed that fails is told of, and the others go on', async (t) => {
  const cwd = await folderWith(t, SMALL);
  // Its folder holds a run already.
  const first = await cli(['train', 'small.json', '--seed', '8', '--out', 'all/seed-8'], { cwd });
  t.is(first.code, 0);
  const { code, stdout, stderr } = await cli(['train', 'small.json', '--seeds', '3', '--out', 'all', '--json'], {
    cwd,
  });
  t.is(code, 1);
  t.regex(stderr, /^cnnative: seed-8: --out: expected a folder without a run/m);
  t.regex(stderr, /^cnnative: 1 of 3 runs failed: seed-8\.$/m);
  const summary = jsonLines(stdout).at(-1) as { runs: Run[]; accuracy: { mean: number } };
  t.deepEqual(
    summary.runs.map(({ status }) => status),
    ['done', 'failed', 'done'],
  );
  const [a, , c] = summary.runs as [Run, Run, Run];
  t.is(summary.accuracy.mean, (a.accuracy + c.accuracy) / 2);
});

test('a target that a seed misses leaves its accuracy in the mean', async (t) => {
  const cwd = await folderWith(t, SMALL);
  const args = ['train', 'small.json', '--seeds', '7,8', '--json', '--time-to-accuracy'];
  const accuracies = (jsonLines((await cli([...args, '1'], { cwd })).stdout).at(-1) as { runs: Run[] }).runs.map(
    ({ accuracy }) => accuracy,
  );
  const target = Math.max(...accuracies);
  t.not(accuracies[0], accuracies[1]);
  const { code, stdout } = await cli([...args, `${target}`], { cwd });
  t.is(code, 1);
  const { runs, ...numbers } = jsonLines(stdout).at(-1) as Record<string, unknown> & {
    runs: Record<string, unknown>[];
  };
  t.deepEqual(runs.map(({ status }) => status).sort(), ['done', 'failed']);
  t.is((numbers.accuracy as { mean: number }).mean, (Number(accuracies[0]) + Number(accuracies[1])) / 2);
  const reached = runs.find(({ status }) => status === 'done') as { timeToAccuracy: number };
  t.like(numbers.timeToAccuracy as object, { mean: reached.timeToAccuracy, deviation: null });
});

test('seeds that would write the same file are refused', async (t) => {
  const cwd = await folderWith(t, {
    ...SMALL,
    callbacks: [{ type: 'terminateOnNaN' }, { type: 'csvLogger', path: 'a.csv' }],
  });
  const { code, stdout, stderr } = await cli(['train', 'small.json', '--seeds', '2'], { cwd });
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /callbacks\[1\]\.path: expected no file that every seed would write, received ".*a\.csv"/);
});

test('seeds of which none comes to an end have no spread', async (t) => {
  const cwd = await folderWith(t, { ...SMALL, data: { type: 'mnist', dir: 'nowhere' } });
  const text = await cli(['train', 'small.json', '--seeds', '2'], { cwd });
  t.is(text.code, 1);
  t.regex(text.stdout, /^\nrun +status [^\n]*\nseed-7 +failed [^\n]*\nseed-8 +failed [^\n]*\n$/);
  const json = await cli(['train', 'small.json', '--seeds', '2', '--json'], { cwd });
  t.deepEqual(Object.keys(jsonLines(json.stdout)[0] ?? {}), ['event', 'runs']);
});

test('rejects seeds that are none', async (t) => {
  const cwd = await folderWith(t, SMALL);
  const refuse = async (args: string[], message: RegExp) => {
    const { code, stderr } = await cli(['train', ...args], { cwd });
    t.is(code, 2, args.join(' '));
    t.regex(stderr, message);
  };
  for (const seeds of ['0', '1,1', 'x', '1,,2', '2000', '-1']) {
    await refuse(
      ['small.json', '--seeds', seeds],
      /Expected a number of runs from 1 to 1000, or different seeds such as 1,2,7\./,
    );
  }
  await refuse(['small.json', '--seeds', '1,2', '--seed', '3'], /--seeds: expected no --seed beside a list of seeds/);
  await refuse(['small.json', 'b.json', '--seeds', '2'], /--seeds: expected at most one configuration and no --resume/);
  await refuse(['--seeds', '2'], /required option '--dataset <name>' not specified/);
});

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadModel } from 'cnnative';
import { cli, jsonLines } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const LAYERS = [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }];
const SMALL = {
  data: { type: 'digits', train: 200, test: 50 },
  model: { layers: LAYERS },
  training: { epochs: 2 },
};

async function configs(t: ExecutionContext, all: Readonly<Record<string, object>>): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const [name, config] of Object.entries(all)) await writeFile(join(folder, name), JSON.stringify(config));
  return folder;
}

test('a configuration may have the name of an option', async (t) => {
  const cwd = await configs(t, { '-a.json': SMALL, 'b.json': SMALL });
  const { code, stderr } = await cli(['train', '--jobs', '1', '--epochs', '1', '--json', '--', '-a.json', 'b.json'], {
    cwd,
  });
  t.is(code, 0, stderr);
  const seeds = await cli(['train', '--seeds', '2', '--epochs', '1', '--json', '--', '-a.json'], { cwd });
  t.is(seeds.code, 0, seeds.stderr);
});

test('many runs: one that fails stops no other, and the summary tells of all', async (t) => {
  const cwd = await configs(t, {
    'a.json': SMALL,
    'bad.json': { ...SMALL, optimizer: 'adma' },
    'absent.json': { ...SMALL, data: { type: 'mnist', dir: 'nowhere' } },
    'b.json': { ...SMALL, name: 'second', seed: 5, out: 'elsewhere' },
  });
  const args = ['train', 'a.json', 'bad.json', 'absent.json', 'b.json', '--epochs', '1'];
  const { code, stdout, stderr } = await cli([...args, '--jobs', '2', '--json'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /^cnnative: bad: bad\.json: optimizer: expected [^\n]*'sgd'[^\n]*$/m);
  t.regex(stderr, /^cnnative: absent: data\.dir: [^\n]*$/m);
  t.regex(stderr, /^cnnative: 2 of 4 runs failed: bad, absent\.\n$/m);
  const lines = jsonLines(stdout);
  const summary = lines.pop() as { event: string; runs: Record<string, unknown>[] };
  t.is(summary.event, 'summary');
  t.deepEqual(
    summary.runs.map(({ name, status, epochs, folder }) => [name, status, epochs, folder]),
    [
      ['a', 'done', 1, join('runs', 'a')],
      ['bad', 'failed', 0, join('runs', 'bad')],
      ['absent', 'failed', 0, join('runs', 'absent')],
      ['second', 'done', 1, join(cwd, 'elsewhere')],
    ],
  );
  for (const name of ['a', 'second']) {
    const run = summary.runs.find((one) => one.name === name) as Record<string, unknown>;
    const own = lines.filter((line) => line.run === name);
    t.deepEqual(
      own.map(({ event }) => event),
      ['epoch', 'done'],
    );
    t.is(run.accuracy, own[1]?.testAccuracy);
    t.is(run.loss, own[1]?.testLoss);
    t.true((run.seconds as number) > 0);
  }
  t.true(existsSync(join(cwd, 'runs', 'a', 'model', 'model.json')));
  await t.notThrowsAsync(loadModel(join(cwd, 'elsewhere')));
});

test('a module may print', async (t) => {
  const cwd = await configs(t, { 'a.json': SMALL });
  const literal = JSON.stringify(SMALL);
  await writeFile(join(cwd, 'chatty.mjs'), `console.log('hello'); console.log('7'); export default ${literal};`);
  const { code, stdout, stderr } = await cli(['train', 'chatty.mjs', 'a.json', '--epochs', '1', '--json'], { cwd });
  t.is(code, 0);
  t.is(stderr, 'hello\n7\n');
  const { runs } = jsonLines(stdout).at(-1) as { runs: { status: string }[] };
  t.deepEqual(
    runs.map(({ status }) => status),
    ['done', 'done'],
  );
});

test('a process that ends before its training is a run that failed', async (t) => {
  const cwd = await configs(t, { 'a.json': SMALL });
  // Only in the process of the run itself.
  const leave = 'if (process.argv.at(-2) === "--" && process.argv.at(-1) === "exits.mjs") process.exit(0);';
  await writeFile(join(cwd, 'exits.mjs'), `${leave} export default ${JSON.stringify(SMALL)};`);
  const { code, stderr } = await cli(['train', 'a.json', 'exits.mjs'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /^cnnative: exits: expected the command to end, received an end before it/m);
});

test('a module that exits, or waits for nothing that comes, is a failure', async (t) => {
  const cwd = await configs(t, {});
  await writeFile(join(cwd, 'waits.mjs'), 'await new Promise(() => {}); export default {};');
  await writeFile(join(cwd, 'exits.mjs'), 'process.exit();');
  for (const module of ['waits.mjs', 'exits.mjs']) {
    const { code, stderr } = await cli(['train', module], { cwd });
    t.is(code, 1, module);
    t.regex(stderr, /^cnnative: expected the command to end, received an end before it, [^\n]*\n$/);
  }
});

test('--out holds a folder for each run, and a table ends the text', async (t) => {
  const cwd = await configs(t, { 'a.json': SMALL, 'b.json': { ...SMALL, seed: 2 } });
  const { code, stdout, stderr } = await cli(['train', 'a.json', 'b.json', '--out', 'all'], { cwd });
  t.is(stderr, '');
  t.is(code, 0);
  const lines = stdout.trimEnd().split('\n');
  // One at a time, in their order.
  t.regex(lines[0] as string, /^a {2}epoch 1\/2 {2}loss /);
  t.regex(lines[2] as string, /^a {2}Test accuracy /);
  t.regex(lines[3] as string, /^b {2}epoch 1\/2 {2}loss /);
  t.regex(lines.at(-3) as string, /^run +status +folder +epochs +accuracy +loss +time$/);
  t.regex(lines.at(-2) as string, /^a +done +all\/a +2 +[\d.]+ % +[\d.]+ +[\d.]+ s$/);
  t.regex(lines.at(-1) as string, /^b +done +all\/b +2 /);
  t.false(stdout.includes('\u001b'));
});

test('runs need names of their own', async (t) => {
  const cwd = await configs(t, { 'a.json': SMALL, 'b.json': { ...SMALL, name: 'a' } });
  const { code, stderr } = await cli(['train', 'a.json', 'b.json'], { cwd });
  t.is(code, 2);
  t.regex(stderr, /^cnnative: b\.json: expected a name for each run, received 'a', which a\.json has\. Add "name"/);
});

test('Ctrl-C stops all runs, each with a checkpoint', async (t) => {
  const endless = { ...SMALL, training: { epochs: 1_000_000 } };
  const cwd = await configs(t, { 'a.json': endless, 'b.json': { ...endless, seed: 2 }, 'c.json': endless });
  let asked = false;
  const { code, stdout, stderr } = await cli(['train', 'a.json', 'b.json', 'c.json', '--jobs', '2', '--json'], {
    cwd,
    onStdout: (child, text) => {
      if (asked || !text.includes('"run":"a"') || !text.includes('"run":"b"')) return;
      asked = true;
      child.kill('SIGINT');
    },
  });
  t.is(code, 130);
  t.regex(stderr, /cnnative: stopped by Ctrl-C; each run's folder says how far it came\.\n$/);
  const { runs } = jsonLines(stdout).at(-1) as { runs: { status: string; error: string }[] };
  t.deepEqual(
    runs.map(({ status }) => status),
    ['stopped', 'stopped', 'not begun'],
  );
  t.regex(runs[0]?.error ?? '', /train --resume /);
  for (const name of ['a', 'b']) {
    const before = jsonLines(await readFile(join(cwd, 'runs', name, 'metrics.jsonl'), 'utf8')).length;
    const epochs = `${before + 3}`;
    const again = await cli(['train', '--resume', join('runs', name), '--json', '--epochs', epochs], { cwd });
    t.is(again.stderr, '');
    t.is(jsonLines(again.stdout).at(-2)?.epoch, before + 3);
  }
});

test('threads are shared out among the runs at work at a time', async (t) => {
  const cwd = await configs(t, { 'a.json': SMALL, 'b.json': { ...SMALL, threads: 3 } });
  const threadsOf = async (run: string) =>
    (JSON.parse(await readFile(join(cwd, 'runs', run, 'environment.json'), 'utf8')) as { threads: number }).threads;
  const args = ['train', 'a.json', 'b.json', '--epochs', '1', '--jobs', '8'];
  t.is((await cli(args, { cwd, env: { OMP_NUM_THREADS: '4' } })).code, 0);
  t.deepEqual([await threadsOf('a'), await threadsOf('b')], [2, 3]);
});

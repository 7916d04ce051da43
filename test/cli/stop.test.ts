import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { datasets, loadModel } from 'cnnative';
import { measure } from '#lib/bench/measure.js';
import { workloads } from '#lib/bench/workloads/index.js';
import { StoppedError } from '#lib/cli/errors.js';
import { interruption } from '#lib/cli/interruption.js';
import { orAborted } from '#lib/util/or-aborted.js';
import { cli, packageRoot, signalAfter } from '../helpers/cli.js';
import { inShell, shell } from '../helpers/shell.js';
import { smallMnist } from '../helpers/small-mnist.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** A training that no test waits for the end of. */
const endless = (data: string) => ['train', '--dataset', 'mnist', '--data', data, '--epochs', '1000000', '--json'];

test('Ctrl-C keeps the model with its weights so far', async (t) => {
  const data = await smallMnist(t);
  const out = join(await temporaryFolder(t), 'out');
  const result = await cli([...endless(data), '--out', out], {
    onStdout: signalAfter(3, 'SIGINT'),
  });
  t.is(result.code, 130);
  t.regex(
    result.stderr,
    /^cnnative: stopped by Ctrl-C in epoch \d+ of 1000000; the model with its weights so far is in [^\n]+out\. Go on with it by: [^\n]+ train --resume [^\n]+out\n$/,
  );
  t.deepEqual((await readdir(join(out, 'model'))).sort(), ['model.json', 'weights.safetensors']);
  const model = await loadModel(out);
  const { lenet5 } = await import('#lib/models/lenet5.js');
  const { 'conv2d/kernel': kept } = await model.getWeights();
  const { 'conv2d/kernel': fresh } = await lenet5({ seed: 1 }).getWeights();
  t.notDeepEqual(kept, fresh, 'the weights have been trained');
  const { test: held } = await datasets.mnist({ dir: data });
  t.true((await model.evaluate(held)).loss < Math.log(10));
});

test('Ctrl-C without --out says that nothing was kept', async (t) => {
  const data = await smallMnist(t);
  const result = await cli(endless(data), { onStdout: signalAfter(1, 'SIGINT') });
  t.is(result.code, 130);
  t.regex(
    result.stderr,
    /^cnnative: stopped by Ctrl-C in epoch \d+ of 1000000; nothing was kept, for there was no --out\.\n$/,
  );
});

test('SIGHUP ends with 129, and what goes on is written for a shell', async (t) => {
  const data = await smallMnist(t);
  const out = join(await temporaryFolder(t), "it's here");
  const result = await cli([...endless(data), '--out', out], { onStdout: signalAfter(1, 'SIGHUP') });
  t.is(result.code, 129);
  t.regex(result.stderr, /^cnnative: stopped by SIGHUP in epoch \d+ .* train --resume '[^\n]+\/it'\\''s here'\n$/);
  await t.notThrowsAsync(loadModel(out));
});

test('SIGTERM ends with 143', async (t) => {
  const data = await smallMnist(t);
  const out = join(await temporaryFolder(t), 'out');
  const result = await cli([...endless(data), '--out', out], { onStdout: signalAfter(1, 'SIGTERM') });
  t.is(result.code, 143);
  t.regex(result.stderr, /^cnnative: stopped by SIGTERM in epoch \d+ /);
  await t.notThrowsAsync(loadModel(out));
});

test('a measurement can be stopped', async (t) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const options = { phase: 'train', batchSize: 16, seconds: 1000, threads: 1, isa: 'scalar' } as const;
  const measuring = measure(workloads.lenet5, { ...options, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 300);
  t.is(await t.throwsAsync(measuring), reason);
});

test('a reader who goes away ends it quietly', async (t) => {
  const data = await smallMnist(t);
  const result = await cli([...endless(data), '--log-every', '1'], { onStdout: (child) => child.stdout.destroy() });
  t.is(result.code, 0);
  t.is(result.signal, null);
  t.is(result.stderr, '');
});

test('a full disk behind the output is a failure', (t) => {
  if (!existsSync('/dev/full')) {
    t.log('skipped: no /dev/full');
    t.pass();
    return;
  }
  const main = join(packageRoot, 'dist', 'cli', 'main.js');
  const [command = '', ...args] = shell(`${inShell([process.execPath, main, 'info'])} > /dev/full`);
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  t.is(status, 1);
  t.regex(stderr, /^cnnative: standard output: ENOSPC[^\n]*\n$/);
});

function fakeHost() {
  const exits: number[] = [];
  const host = Object.assign(new EventEmitter(), {
    stdout: new EventEmitter(),
    exit: (code: number) => void exits.push(code),
  });
  return { host, exits };
}

test('a second signal ends the process at once', (t) => {
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const { host, exits } = fakeHost();
    const signal = interruption(host);
    host.emit(name);
    t.true(signal.aborted);
    t.is((signal.reason as StoppedError).exitCode, code);
    t.deepEqual(exits, []);
    host.emit(name);
    t.deepEqual(exits, [code]);
  }
});

test('work that cannot be stopped is not waited for', async (t) => {
  const { host } = fakeHost();
  const signal = interruption(host);
  t.is(await orAborted(Promise.resolve(3), signal), 3);
  await t.throwsAsync(orAborted(Promise.reject(new Error('broken')), signal), { message: 'broken' });
  const waiting = orAborted(new Promise(() => undefined), signal);
  host.emit('SIGINT');
  const error = await t.throwsAsync(waiting, { instanceOf: StoppedError });
  t.is(error.exitCode, 130);
  await t.throwsAsync(orAborted(Promise.resolve(3), signal), { instanceOf: StoppedError });
});

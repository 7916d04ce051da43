import { createRequire } from 'node:module';
import test from 'ava';
import { info } from 'cnnative';
import { cli } from '../helpers/cli.js';

const { version } = createRequire(import.meta.url)('cnnative/package.json') as { version: string };
const SHORT = ['--seconds', '0.05', '--batch', '16', '--threads', '1'];
const COST = ['milliseconds', 'share', 'gflops', 'percentOfPeak', 'bytes', 'gigabytesPerSecond'];

async function profiled(...args: string[]) {
  const { code, stdout, stderr } = await cli(['profile', ...SHORT, ...args, '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown> & {
    calls: ({ layer: string; op: string; call: string; phase: string } & Record<string, number>)[];
    total: Record<string, number>;
  };
}

test('one JSON object with the promised keys in the promised order', async (t) => {
  const { calls, total, ...rest } = await profiled('--workload', 'separable', '--phase', 'infer');
  const keys = ['library', 'workload', 'phase', 'batch', 'threads', 'isa', 'steps', 'stepMilliseconds', 'peakGflops'];
  t.deepEqual(Object.keys(rest), keys);
  const { library, workload, phase, batch, threads, isa } = rest;
  t.deepEqual(
    [library, workload, phase, batch, threads, isa],
    [`cnnative ${version}`, 'separable', 'infer', 16, 1, info().isa],
  );
  for (const call of calls) t.deepEqual(Object.keys(call), ['layer', 'call', 'op', 'phase', ...COST]);
  t.deepEqual(Object.keys(total), COST);
  // Rates of direct, of separable and of dense layers, and none of packing. Scalar code keeps a separable pair in two calls.
  const working = calls.filter(({ gflops = 0 }) => gflops > 0);
  const pair = isa === 'scalar' ? /^depthwise 3x3 / : /^separable /;
  for (const name of [/^direct 3x3 /, pair, /^dense /]) {
    t.true(
      working.some(({ call }) => name.test(call)),
      name.source,
    );
  }
  t.true(working.every(({ phase }) => phase === 'compute'));
  t.is(total.share, 1);
});

test('rows sorted by time, and only the first of them', async (t) => {
  const { calls, total } = await profiled('--sort', 'time', '--top', '4');
  t.is(calls.length, 4);
  const times = calls.map(({ milliseconds = 0 }) => milliseconds);
  t.deepEqual(
    [...times].sort((a, b) => b - a),
    times,
  );
  t.true((total.milliseconds as number) > times.reduce((sum, time) => sum + time, 0));
});

test('a table without --json', async (t) => {
  const { code, stdout, stderr } = await cli(['profile', ...SHORT, '--phase', 'infer']);
  t.is(code, 0, stderr);
  t.regex(stdout, /^workload +lenet5, infer, batch 16$/m);
  t.regex(stdout, /^step +[\d.]+ ms on the clock \(of [\d,]+ steps\)$/m);
  t.regex(stdout, /^layer +call +ms +share +GFLOP\/s +% of peak +MB +GB\/s$/m);
  t.regex(stdout, /^dense +pack weights +[\d.]+ +once +[\d.]+ +[\d.]+$/m);
  t.regex(stdout, /^conv2d +direct 5x5 forward \+ relu +[\d.]+ +[\d.]+ % +[\d.]+ +\d+ +[\d.]+ +[\d.]+$/m);
  t.regex(stdout, /^total +[\d.]+ +100\.0 % /m);
});

test('memory limits of the command line are refused in one line with exit code 1', async (t) => {
  for (const command of [
    ['profile', ...SHORT],
    ['bench', ...SHORT],
    ['train', '--dataset', 'digits', '--json'],
  ]) {
    const { code, stdout, stderr } = await cli([...command, '--memory-limit', '100kB']);
    t.deepEqual([code, stdout], [1, ''], command[0]);
    t.regex(stderr, /^cnnative: [\w.]+: expected a memory plan of at most 100 kB [^\n]* for memoryLimit, [^\n]+\n$/);
  }
});

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { info } from 'cnnative';
import { PATIENCE } from '../helpers/child.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const script = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url));
const bench = (...args: string[]) => promisify(execFile)(process.execPath, [script, ...args], { timeout: PATIENCE });

test('measures a convolution without peers and writes the report', async (t) => {
  const folder = await temporaryFolder(t);
  const shapes = join(folder, 'tiny.txt');
  await writeFile(shapes, '8  2->3  3x3  8x8  pad 1\n');
  const args = ['--suite', 'kernels', '--shapes', shapes, '--peers', 'none', '--seconds', '0.01', '--rounds', '1'];
  const { stdout, stderr } = await bench(...args, '--threads', '1', '--out', folder);
  t.regex(stderr, /kernels: tiny 2->3 3x3 8x8 pad 1 8: cnnative, round 1 of 1/);
  t.is(stdout, await readFile(join(folder, 'report.md'), 'utf8'));
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as {
    machine: { threads: number; isa: string; peakGflops: number };
    suites: { rows: { group: string; own: { median: number }; percentOfPeak: number; peer: null }[] }[];
    failures: unknown[];
  };
  t.deepEqual(report.failures, []);
  t.deepEqual([report.machine.threads, report.machine.isa], [1, info().isa]);
  const rows = report.suites[0]?.rows ?? [];
  t.deepEqual(
    rows.map(({ group, peer }) => [group, peer]),
    [
      ['forward', null],
      ['data', null],
      ['weights', null],
    ],
  );
  t.true(rows.every(({ own, percentOfPeak }) => own.median > 0 && percentOfPeak > 0));
});

test('an unknown suite is bad usage, told before anything is measured', async (t) => {
  const error = await t.throwsAsync(bench('--suite', 'speed'));
  t.regex(error?.message ?? '', /Expected names of train, infer.*, received 'speed'/);
});

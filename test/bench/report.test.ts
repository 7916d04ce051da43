import test from 'ava';
import { benchModule } from '../helpers/bench-module.js';

const { markdown, number, table } = await benchModule<{
  markdown(report: object): string;
  number(value: number | undefined): string;
  table(titles: readonly string[], rows: readonly (readonly string[])[]): string;
}>('report.mjs');

test('numbers have three digits that count, and thousands apart', (t) => {
  const shown = [0, 0.012345, 1.2345, 45.67, 123.4, 12345.6, undefined].map(number);
  t.deepEqual(shown, ['0', '0.0123', '1.23', '45.7', '123', '12,346', '']);
});

test('tables align numbers right and names left', (t) => {
  const rows = [
    ['1->6 5x5', '1,234 (1 to 2)'],
    ['32->32 3x3', ''],
  ];
  const [, line] = table(['shape', 'rate'], rows).split('\n');
  t.is(line?.replaceAll(/-+/g, '-'), '| :- | -: |');
});

test('a report names what is measured, who is missing, and what failed', (t) => {
  const summary = { median: 200, min: 100, max: 300, rounds: [100, 200, 300] };
  const ratio = { median: 2, low: 1.5, high: 2.5, coverage: 0.75, rounds: [1.5, 2, 2.5] };
  const machine = {
    cpu: 'Some CPU',
    cores: 2,
    memoryBytes: 2 ** 34,
    date: '2025-01-02T03:04:05Z',
    threads: 2,
    peakGflops: 234,
  };
  const text = markdown({
    machine: { ...machine, isa: 'avx2', node: 'v22.0.0', platform: 'linux-x64', cnnative: '0.1.0' },
    options: { rounds: 3, seconds: 2 },
    peers: [
      { name: 'pytorch', version: '2.0' },
      { name: 'tfjs', missing: 'install it' },
    ],
    checks: [{ workload: 'lenet5', parameters: 61706, forwardMacs: 416520, pytorch: 1.23e-6 }],
    suites: [
      {
        title: 'Training',
        unit: 'images/s',
        rows: [
          {
            cells: { network: 'lenet5' },
            own: summary,
            percentOfPeak: 80,
            peer: { name: 'pytorch', note: 'nhwc', ...summary },
            ratio,
          },
          { cells: { network: 'oneconv' }, own: summary, percentOfPeak: 50, peer: null },
        ],
      },
    ],
    failures: [{ network: 'oneconv', contestant: 'pytorch', message: 'out of memory' }],
  });
  t.regex(text, /2025-01-02, Some CPU, 2 cores, 16 GB.*peak 234 GFLOP\/s/);
  t.regex(text, /- pytorch: 2\.0\n- tfjs: not installed \(install it\)/);
  t.regex(text, /\| lenet5 +\| +61,706 \| +416,520 \| +1\.2e-6 \|/);
  t.regex(
    text,
    /\| lenet5 +\| +200 \(100 to 300\) \| +80 \| pytorch \(nhwc\) \| 200 \(100 to 300\) \| 2 \(1\.5 to 2\.5\) \|/,
  );
  t.regex(text, /\| oneconv +\| +200 \(100 to 300\) \| +50 \| - /);
  t.regex(text, /against pytorch: geometric mean of 1 ratios 2, smallest 2/);
  t.regex(text, /- oneconv, pytorch: out of memory/);
});

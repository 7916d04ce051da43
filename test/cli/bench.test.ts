import { createRequire } from 'node:module';
import test from 'ava';
import { info } from 'cnnative';
import { workloads } from '#lib/bench/workloads/index.js';
import { SymbolicTensor } from '#lib/layers/symbolic-tensor.js';
import { graphOf } from '#lib/model/graph.js';
import { attempts } from '../helpers/attempts.js';
import { cli } from '../helpers/cli.js';

const { version } = createRequire(import.meta.url)('cnnative/package.json') as { version: string };
const KEYS = [
  'library',
  'workload',
  'phase',
  'batch',
  'threads',
  'isa',
  'imagesPerSecond',
  'gflops',
  'percentOfPeak',
  'peakMemoryBytes',
];

for (const [phase, flopsPerMac] of [
  ['train', 6],
  ['infer', 2],
] as const) {
  test(`one JSON line for ${phase}`, async (t) => {
    const args = ['bench', '--workload', 'lenet5', '--phase', phase, '--batch', '33', '--seconds', '0.2'];
    // A direct convolution cannot beat the multiply-add peak; the margin is for clocks that change meanwhile. Others on this machine may have
    // slowed the measurement of the peak alone.
    const line = await attempts(4, async () => {
      const { code, stdout, stderr } = await cli([...args, '--threads', '1', '--json']);
      t.is(code, 0);
      t.is(stderr, '');
      t.regex(stdout, /^\{[^\n]*\}\n$/);
      const measured = JSON.parse(stdout) as Record<string, number>;
      t.log(`${measured.percentOfPeak} %`);
      return (measured.percentOfPeak ?? Infinity) < 125 ? measured : undefined;
    });
    if (!line) return t.fail('faster than the peak');
    t.deepEqual(Object.keys(line), KEYS);
    const { library, workload, phase: measured, batch, threads, isa } = line as Record<string, unknown>;
    t.deepEqual(
      { library, workload, measured, batch, threads, isa },
      { library: `cnnative ${version}`, workload: 'lenet5', measured: phase, batch: 33, threads: 1, isa: info().isa },
    );
    const { imagesPerSecond = 0, gflops = 0, percentOfPeak = 0, peakMemoryBytes = 0 } = line;
    t.true(imagesPerSecond > 0);
    t.true(Math.abs(gflops - (imagesPerSecond * 416_520 * flopsPerMac) / 1e9) < 0.006);
    t.true(percentOfPeak > 0);
    t.true(peakMemoryBytes > 20e6 && peakMemoryBytes < 2e9);
  });
}

test('the defaults are a training of lenet5 at batch 128 with the threads of info', async (t) => {
  const { stdout } = await cli(['bench', '--seconds', '0.1', '--json']);
  const { workload, phase, batch, threads } = JSON.parse(stdout) as Record<string, unknown>;
  t.deepEqual([workload, phase, batch, threads], ['lenet5', 'train', 128, info().threads]);
});

test('a forced instruction set is the one measured', async (t) => {
  const { stdout } = await cli(['bench', '--seconds', '0.01', '--batch', '8', '--json'], {
    env: { CNNATIVE_ISA: 'scalar' },
  });
  t.is((JSON.parse(stdout) as Record<string, unknown>).isa, 'scalar');
});

test('a table without --json', async (t) => {
  const { code, stdout } = await cli(['bench', '--seconds', '0.1', '--threads', '1']);
  t.is(code, 0);
  t.regex(stdout, /^library +cnnative /);
  t.regex(stdout, /^workload +lenet5, train, batch 128$/m);
  t.regex(stdout, /^images\/s +[\d,]+ \(median of [\d,]+ steps\)$/m);
  t.regex(stdout, /^memory planned +[\d.]+ MB /m);
  t.regex(stdout, /^GFLOP\/s +[\d.]+ \([\d.]+ % of the multiply-add peak\)$/m);
});

test('the multiply-adds of every workload follow from its shapes', (t) => {
  for (const [name, { inputShape, build, forwardMacs, classes }] of Object.entries(workloads)) {
    const input = new SymbolicTensor(inputShape, null, []);
    const { nodes } = graphOf(name, [input], build(input));
    let macs = 0;
    for (const { parameters, outputShape } of nodes) {
      const kernel = parameters.find((parameter) => parameter.name.endsWith('/kernel'));
      // Each weight of a convolution meets each place of its output once, each of a dense layer meets one sample once.
      const places = outputShape.length === 3 ? (outputShape[1] as number) * (outputShape[2] as number) : 1;
      if (kernel) macs += kernel.shape.reduce((product, size) => product * size, places);
    }
    const shape = nodes.at(-1)?.outputShape;
    t.is(macs, forwardMacs, name);
    t.deepEqual(shape, [classes], name);
  }
});

import test from 'ava';
import { layers } from 'cnnative';
import { workloadRuntime } from '#lib/bench/workload-runtime.js';
import { workloads } from '#lib/bench/workloads/index.js';
import { callName } from '#lib/program/call-name.js';
import { macsOf, profileOf } from '#lib/program/profile.js';
import { isas } from '../helpers/isas.js';
import { TestNetwork } from '../helpers/test-network.js';

for (const [name, workload] of Object.entries(workloads)) {
  test(`calls of ${name} do the multiply-adds of its definition in every direction`, (t) => {
    const runtime = workloadRuntime('test', workload);
    for (const isa of isas) {
      const macsIn = (mode: 'train' | 'predict', op: RegExp) =>
        runtime
          .program(mode, 16, isa)
          .description.calls.filter((call) => op.test(call.op))
          .reduce((sum, call) => sum + macsOf(call), 0);
      t.is(macsIn('predict', /./), workload.forwardMacs);
      t.is(macsIn('train', /WeightGradient$/), workload.forwardMacs);
      t.is(macsIn('train', /(onvolution|dense)$/), workload.forwardMacs);
      // Nobody asks for the gradient of the pixels.
      const dataGradients = macsIn('train', /DataGradient$/);
      t.true(dataGradients > 0 && dataGradients < workload.forwardMacs);
      t.is(macsIn('train', /./), 2 * workload.forwardMacs + dataGradients);
    }
  });
}

test('calls are named by algorithm, direction and what rides along', (t) => {
  const named = (workload: keyof typeof workloads, mode: 'train' | 'predict', isa = isas[0] ?? 'scalar', batch = 16) =>
    new Set(workloadRuntime('test', workloads[workload]).program(mode, batch, isa).description.calls.map(callName));
  const separable = named('separable', 'train', 'scalar');
  for (const name of ['depthwise 3x3 forward', 'direct 1x1 forward', 'depthwise 3x3 stride 2x2 data gradient']) {
    t.true(separable.has(name), [...separable].join(', '));
  }
  t.true(named('lenet5', 'train').has('dense weight gradient'));
  t.true(named('lenet5', 'predict').has('dense forward + relu'));
  const residual = named('resnet20', 'predict');
  const forward = isas[0] === 'scalar' ? 'direct 3x3 forward' : 'winograd F(4x4,3x3) forward';
  t.true(residual.has(`${forward} + add + relu`));
  t.true(residual.has('fold batch norm'));
  const padded = isas[0] === 'scalar' ? 'direct 5x5 forward' : 'winograd F(2x2,5x5) forward';
  t.true(named('padded5x5', 'predict').has(`${padded} + relu`));
  if (isas[0] === 'scalar') return;
  const single = named('resnet20', 'predict', isas[0], 1);
  for (const name of ['winograd F(4x4,3x3) forward + add + relu', 'direct 3x3 stride 2x2 forward + relu']) {
    t.true(single.has(`lanes of channels, ${name}`), [...single].join(', '));
  }
});

test('calls of a transposed convolution are named for its own directions, and do its multiply-adds', (t) => {
  const transposed = layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, activation: 'relu' });
  const dilated = layers.conv2d({ filters: 5, kernelSize: 3, dilation: 2 });
  const network = new TestNetwork([4, 5, 6], [transposed, dilated, layers.flatten()]);
  const { calls } = network.description('gradients', 16);
  const names = calls.map(callName);
  for (const direction of ['forward + relu', 'data gradient', 'weight gradient']) {
    const index = names.indexOf(`transposed direct 3x3 stride 2x2 ${direction}`);
    t.true(index >= 0, names.join(', '));
    t.is(macsOf(calls[index] as (typeof calls)[number]), 4 * 5 * 6 * 3 * 9);
  }
  t.true(names.includes('direct 3x3 dilation 2x2 forward'));
});

test('rows follow from seconds, shapes and peak', (t) => {
  const program = workloadRuntime('test', workloads.oneconv).program('predict', 32, 'scalar');
  const { calls } = program.description;
  // 1 ms for every call, 5 ms for the first, which packs weights once a run.
  const { calls: rows, total } = profileOf(
    program,
    calls.map((_, i) => (i === 0 ? 0.005 : 0.001)),
    2,
  );
  const regular = rows.filter(({ phase }) => phase !== 'prepare');
  t.deepEqual([rows[0]?.phase, rows[0]?.milliseconds, rows[0]?.share], ['prepare', 5, 0]);
  t.true(Math.abs(total.milliseconds - regular.length) < 1e-9);
  t.true(Math.abs(regular.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
  // A 3x3 convolution from 28x28 pixels to 8 maps of 26x26, for 32 samples in 1 ms.
  const convolution = rows.find(({ op }) => op === 'convolution');
  const gflops = (2 * 8 * 26 * 26 * 9 * 32) / 1e-3 / 1e9;
  t.true(Math.abs((convolution?.gflops ?? 0) - gflops) < 1e-9);
  t.true(Math.abs((convolution?.percentOfPeak ?? 0) - gflops * 50) < 1e-6);
  // Pixels, maps, packed weights and bias, 4 bytes each.
  const bytes = 4 * (32 * (28 * 28 + 8 * 26 * 26) + 72 + 8);
  t.is(convolution?.bytes, bytes);
  t.true(Math.abs((convolution?.gigabytesPerSecond ?? 0) - bytes / 1e6) < 1e-9);
});

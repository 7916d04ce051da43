import test from 'ava';
import { workloadRuntime } from '#lib/bench/workload-runtime.js';
import { workloads } from '#lib/bench/workloads/index.js';
import { planArena } from '#lib/program/arena-plan.js';
import { isas } from '../helpers/isas.js';

for (const [name, workload] of Object.entries(workloads)) {
  test(`layers and total of the plan agree for ${name}`, (t) => {
    const runtime = workloadRuntime('test', workload);
    for (const isa of isas) {
      for (const mode of ['train', 'evaluate', 'predict'] as const) {
        for (const batchSize of [1, 17, 700]) {
          const program = runtime.program(mode, batchSize, isa);
          const { layers, sampleBytes, sharedBytes, scratchBytes, totalBytes } = planArena(program, 3);
          const what = `${mode} ${batchSize} ${isa}`;
          const sum = (kind: 'activations' | 'gradients' | 'shared') =>
            layers.reduce((total, layer) => total + layer[kind], 0);
          t.is(totalBytes, program.native.arenaBytes(3), what);
          t.is(sampleBytes + sharedBytes + scratchBytes, totalBytes, what);
          // Shared buffers all live through the step; buffers of samples take turns.
          t.is(sum('shared'), sharedBytes, what);
          t.true(sum('activations') + sum('gradients') >= sampleBytes, what);
          t.is(sum('gradients') > 0, mode === 'train', what);
          t.is(new Set(layers.map(({ label }) => label)).size, layers.length);
        }
      }
    }
  });
}

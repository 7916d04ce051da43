// train-large.js: trains cifarquick for one step of 1000 samples. Prints the bytes planned for the step, and by how many the
// process grew at most.
import { readFileSync, writeFileSync } from 'node:fs';
import { datasets } from 'cnnative';
import { workloadRuntime } from '#lib/bench/workload-runtime.js';
import { workloads } from '#lib/bench/workloads/index.js';
import { Model } from '#lib/model/model.js';
import { runSettings } from '#lib/model/run-options.js';

const BATCH = 1000;
const { inputShape } = workloads.cifarquick;
const images = new Uint8Array(BATCH * inputShape.reduce((a, b) => a * b, 1)).map((_, i) => i % 251);
const labels = Int32Array.from({ length: BATCH }, (_, i) => i % 10);
const set = datasets.fromArrays({ images, labels, shape: inputShape });
const runtime = workloadRuntime('train-large', workloads.cifarquick);
const model = new Model(runtime);
const { threads, isa } = runSettings('train-large', {});

// Data is copied, threads are started and code is compiled before.
await model.fit(set, { batchSize: 16 });
const status = (name: string) =>
  1024 * Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
try {
  writeFileSync('/proc/self/clear_refs', '5'); // the high-water mark begins anew
} catch {
  // Not permitted everywhere: then the mark is perhaps of the time before, and the growth looks larger than it is.
}
const before = status('VmRSS');
await model.fit(set, { batchSize: BATCH });
const planned = runtime.program('train', BATCH, isa).native.arenaBytes(threads);
console.log(JSON.stringify({ planned, grown: status('VmHWM') - before }));

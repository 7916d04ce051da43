// Our side of every comparison: what a fresh process of cnnative measures.
import { fileURLToPath } from 'node:url';
import { jsonOf } from './child.mjs';
import { multiplyAdds } from './shapes.mjs';

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const script = (name) => fileURLToPath(new URL(`./own/${name}.mjs`, import.meta.url));

/** `cnnative bench`: images a second, and the most memory the process had. */
export async function network({ workload, phase, batch, seconds, threads }, env) {
  const options = { workload, phase, batch, seconds, threads };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const result = await jsonOf(process.execPath, [cli, 'bench', ...args, '--json'], env);
  const { imagesPerSecond, percentOfPeak, peakMemoryBytes } = result;
  return { values: { imagesPerSecond, peakMemoryBytes }, percentOfPeak: { imagesPerSecond: percentOfPeak } };
}

/** Microseconds of `await model.predict(sample)`. */
export async function latency({ workload, seconds, threads }) {
  return { values: await jsonOf(process.execPath, [script('latency'), workload, `${seconds}`, `${threads}`]) };
}

/** GFLOP/s of a convolution in each direction. */
export async function convolution(shape, { seconds, threads }) {
  const args = [script('convolution'), JSON.stringify(shape), `${seconds}`, `${threads}`];
  const { peak, busy, ...times } = await jsonOf(process.execPath, args);
  const values = rates(shape, times);
  const percentOfPeak = Object.fromEntries(Object.entries(values).map(([key, rate]) => [key, (100 * rate) / peak]));
  return { values, percentOfPeak, busy };
}

/** Milliseconds of a memory-bound layer, forward and backward. */
export async function layer(shape, { seconds, threads }) {
  const args = [script('layer'), JSON.stringify(shape), `${seconds}`, `${threads}`];
  const { forward, backward, busy } = await jsonOf(process.execPath, args);
  return { values: { forward: forward * 1000, backward: backward * 1000 }, busy };
}

/** Percent of STREAM's rate that a layer's passes reach. */
export async function bandwidth({ layer, phase }, { seconds, threads }) {
  const { stream: _, ...values } = await jsonOf(process.execPath, [
    script('bandwidth'),
    layer,
    phase,
    `${seconds}`,
    `${threads}`,
  ]);
  return { values };
}

/** Nominal GFLOP/s (2 for each multiply-add of the definition) from seconds a batch. */
export function rates(shape, times) {
  const flop = 2 * multiplyAdds(shape);
  return Object.fromEntries(Object.entries(times).map(([direction, time]) => [direction, flop / time / 1e9]));
}

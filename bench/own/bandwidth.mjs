// One layer of cnnative on a lane group of 16 samples that is four times the last-level cache: prints a JSON line with the share of
// STREAM's rate that its calls reach, in percent, each tensor counted once.
//
//   node bench/own/bandwidth.mjs LAYER infer|train SECONDS THREADS
import { readFileSync } from 'node:fs';
import { info, input, layers, model, optimizers } from 'cnnative';
import { native } from '../../dist/native.js';

const [kind, phase, seconds, threads] = process.argv.slice(2);
/** Their gradients follow from dy alone. */
const LINEAR = ['averagePooling2d', 'dropout', 'upSampling2d', 'zeroPadding2d'];
const CHANNELS = 32;
const SAMPLES = 16;
const options = {
  maxPooling2d: { poolSize: 2 },
  averagePooling2d: { poolSize: 2 },
  groupNormalization: { groups: 8 },
  dropout: { rate: 0.5 },
  upSampling2d: { size: 2 },
  zeroPadding2d: { padding: 1 },
};

const bytes = 4 * lastLevelCache();
// A small image made large, so that drawing it takes no time; with weights before, that ask for a gradient.
const side = Math.round(Math.sqrt(bytes / 4 / SAMPLES / CHANNELS) / 16) * 16;
const x = input({ shape: [CHANNELS, side / 16, side / 16] });
const large = layers.upSampling2d({ size: 16 }).apply(layers.conv2d({ filters: CHANNELS, kernelSize: 1 }).apply(x));
const measured = layers[kind]({ ...options[kind], name: 'measured' }).apply(large);
const network = model({
  inputs: x,
  outputs: layers.dense({ units: 2 }).apply(layers.globalAveragePooling2d().apply(measured)),
});
network.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
const settings = { threads: Number(threads), batchSize: SAMPLES };
const { calls } = await network.profile({ phase, seconds: Number(seconds), ...settings });
const stream = await native.measureStream(info().isa, settings.threads, Math.min(bytes, 2 ** 30));

const elements = (shape) => SAMPLES * shape.reduce((product, n) => product * n, 1);
const [inBytes, outBytes] = [4 * elements(large.shape), 4 * elements(measured.shape)];
const milliseconds = { forward: 0, backward: 0 };
for (const { layer, op, milliseconds: time, share } of calls) {
  if (layer === 'measured' && share > 0) milliseconds[/Gradient|^reduce/.test(op) ? 'backward' : 'forward'] += time;
}
// x and y; dy, dx, and beside them x or y where the gradient depends on these.
const kept = LINEAR.includes(kind) ? 0 : Math.max(inBytes, outBytes);
const moved = { forward: inBytes + outBytes, backward: outBytes + inBytes + kept };
const rate = (pass) => ((moved[pass] / (milliseconds[pass] / settings.threads)) * 1e-6 * 100) / stream;
console.log(
  JSON.stringify({ forward: rate('forward'), ...(phase === 'train' && { backward: rate('backward') }), stream }),
);

/** Bytes; 32 MB where the system does not tell. */
function lastLevelCache() {
  try {
    const [, size, unit] = /^(\d+)([KM])/.exec(readFileSync('/sys/devices/system/cpu/cpu0/cache/index3/size', 'utf8'));
    return Number(size) * (unit === 'M' ? 2 ** 20 : 2 ** 10);
  } catch {
    return 2 ** 25;
  }
}

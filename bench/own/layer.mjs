// One memory-bound layer of cnnative: prints a JSON line with seconds a batch, forward and backward.
//
//   node bench/own/layer.mjs '{"batch":128,"kind":"maxPooling",...}' SECONDS THREADS      (the fields of bench/shapes.mjs)
import { info, layers } from 'cnnative';
import { callTimes } from '../../dist/bench/call-times.js';

const [text, seconds, threads] = process.argv.slice(2);
const { batch, kind, shape, size, stride, units } = JSON.parse(text);
const name = 'measured';
const build = {
  batchNormalization: (x) => layers.batchNormalization({ name }).apply(x),
  maxPooling: (x) => layers.maxPooling2d({ poolSize: size, strides: stride, name }).apply(x),
  averagePooling: (x) => layers.averagePooling2d({ poolSize: size, strides: stride, name }).apply(x),
  dense: (x) => layers.dense({ units, useBias: false, name }).apply(x),
  // The second addend must be another tensor. The relu behind rides on the addition and gives its calls their name.
  addRelu: (x) => {
    const other = layers.activation({ activation: 'relu' }).apply(x);
    return layers.activation({ activation: 'relu', name }).apply(layers.add().apply([x, other]));
  },
};
const { calls, busy } = await callTimes({
  inputShape: shape,
  build: build[kind],
  batchSize: batch,
  seconds: Number(seconds),
  threads: Number(threads),
  isa: info().isa,
});

const result = { forward: 0, backward: 0 };
for (const { layer, op, seconds } of calls) {
  if (layer === name) result[/Gradient|^reduce/.test(op) ? 'backward' : 'forward'] += seconds;
}
console.log(JSON.stringify({ ...result, busy }));

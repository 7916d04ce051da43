// One convolution of cnnative, in three directions: prints a JSON line with seconds a batch.
//
//   node bench/own/convolution.mjs '{"batch":128,"inputs":16,...}' SECONDS THREADS      (the fields of bench/shapes.mjs)
import { info, layers } from 'cnnative';
import { callTimes } from '../../dist/bench/call-times.js';

const [text, seconds, threads] = process.argv.slice(2);
const { batch, inputs, outputs, kernel, image, stride, pad, groups, dilation, transposed } = JSON.parse(text);
const convolution = (transposed ? layers.conv2dTranspose : layers.conv2d)({
  filters: outputs,
  kernelSize: kernel,
  strides: stride,
  padding: pad,
  dilation,
  groups,
  useBias: false,
  name: 'measured',
});
const { calls, peak, busy } = await callTimes({
  inputShape: [inputs, ...image],
  build: (input) => convolution.apply(input),
  batchSize: batch,
  seconds: Number(seconds),
  threads: Number(threads),
  isa: info().isa,
});

// What is prepared once a run (packed, transformed weights) takes no time here, as a peer's reordered weights.
const result = { forward: 0, data: 0, weights: 0 };
for (const { layer, op, seconds } of calls) if (layer === 'measured') result[directionOf(op)] += seconds;
console.log(JSON.stringify({ ...result, peak, busy }));

function directionOf(op) {
  if (/WeightGradient|^reduce/.test(op)) return 'weights';
  // The way back of a transposed convolution is a convolution.
  return /DataGradient/.test(op) === Boolean(transposed) ? 'forward' : 'data';
}

// One benchmark network in tfjs, translated layer by layer from ours: prints a JSON line with images per second.
//
//   node tfjs-network.mjs ENTRY WORKLOAD train|infer BATCH SECONDS      (ENTRY: main file of @tensorflow/tfjs)
import { createRequire } from 'node:module';
import { input, model } from 'cnnative';
import { median } from 'simple-statistics';
import { workloads } from '../../dist/bench/workloads/index.js';

const [entry, name, phase, batchText, seconds] = process.argv.slice(2);
const batch = Number(batchText);
const tf = createRequire(import.meta.url)(entry);
await tf.setBackend('cpu');

const { inputShape, classes, build } = workloads[name];
const inputs = input({ shape: [...inputShape] });
const network = translate(model({ inputs, outputs: build(inputs) }).graph);
network.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: crossEntropy });
const [channels, height, width] = inputShape;
const x = tf.randomNormal([batch, height, width, channels]);
const labels = tf.oneHot(tf.randomUniform([batch], 0, classes, 'int32'), classes);
const step = async () => {
  if (phase === 'train') await network.trainOnBatch(x, labels);
  else tf.tidy(() => network.predict(x).dataSync());
};

const timed = async () => {
  const start = performance.now();
  await step();
  return (performance.now() - start) / 1000;
};
const first = await timed();
// The first step warms up, unless it alone takes the time there is.
const times = first < Number(seconds) ? [await timed()] : [first];
const end = performance.now() + (Number(seconds) - first) * 1000;
while (performance.now() < end) times.push(await timed());
console.log(JSON.stringify({ imagesPerSecond: batch / median(times) }));

function crossEntropy(truth, logits) {
  return tf.losses.softmaxCrossEntropy(truth, logits);
}

/** The same graph of tfjs layers. Images are NHWC there, the only layout its CPU backend has. */
function translate({ inputShape: [c, h, w], nodes, output }) {
  const tensors = new Map([['input', tf.input({ shape: [h, w, c] })]]);
  for (const { name, layer, inputs, outputShape } of nodes) {
    const read = inputs.map((from) => tensors.get(from));
    tensors.set(name, layerOf(layer.config(), read, outputShape));
  }
  return tf.model({ inputs: tensors.get('input'), outputs: tensors.get(output) });
}

function layerOf(config, [first, ...others], outputShape) {
  const { type, filters, kernelSize, strides, groups, activation, useBias, units, poolSize } = config;
  // Padding differs in where the border of an even size lies, not in what it costs.
  const [, height] = first.shape;
  const padding = outputShape[1] === Math.ceil(height / strides?.[0]) ? 'same' : 'valid';
  const convolution = { kernelSize, strides, padding, activation, useBias };
  const made = {
    conv2d: () =>
      groups > 1
        ? tf.layers.depthwiseConv2d({ ...convolution, depthMultiplier: filters / groups })
        : tf.layers.conv2d({ ...convolution, filters }),
    maxPooling2d: () => tf.layers.maxPooling2d({ poolSize, strides, padding: 'valid' }),
    globalAveragePooling2d: () => tf.layers.globalAveragePooling2d({}),
    batchNormalization: () => tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }),
    add: () => tf.layers.add(),
    dense: () => tf.layers.dense({ units, activation, useBias }),
    flatten: () => tf.layers.flatten(),
    activation: () => tf.layers.activation({ activation }),
  }[type]();
  return made.apply(others.length > 0 ? [first, ...others] : first);
}

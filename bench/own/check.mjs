// Checks that a peer and we compute the same network: prints a JSON line with what was compared.
//
//   node bench/own/check.mjs WORKLOAD FACTS [ENTRY MODEL.onnx]      (FACTS: JSON of exported.mjs; ENTRY: main file of onnxruntime-node)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { input, model } from 'cnnative';
import { workloads } from '../../dist/bench/workloads/index.js';
import { decodeSafetensors } from '../../dist/model/safetensors.js';

const MOST_DIFFERENCE = 1e-3;

const [name, factsText, entry, path] = process.argv.slice(2);
const facts = JSON.parse(factsText);
const { inputShape, forwardMacs, build } = workloads[name];
const inputs = input({ shape: [...inputShape] });
const network = model({ inputs, outputs: build(inputs) });
const trainable = network.graph.parameters.filter((parameter) => parameter.trainable);
const parameters = trainable.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
same('parameters', parameters, facts.parameters);
same('multiply-adds', forwardMacs, facts.forwardMacs);

const tensors = decodeSafetensors(facts.weights, readFileSync(facts.weights));
const { data: x, shape } = tensors.get('check.input');
const { data: expected } = tensors.get('check.output');
tensors.delete('check.input');
tensors.delete('check.output');
// Both list their weights in the order of the network, under names of their own. Shapes are checked by setWeights.
same('tensors of weights', network.graph.parameters.length, tensors.size);
const weights = [...tensors.values()];
await network.setWeights(Object.fromEntries(network.graph.parameters.map(({ name }, i) => [name, weights[i]])));
const { data } = await network.predict(x);
const result = { parameters, forwardMacs, pytorch: close('PyTorch', data, expected) };
if (entry) {
  const { InferenceSession, Tensor } = createRequire(import.meta.url)(entry);
  const session = await InferenceSession.create(path);
  const { output } = await session.run({ input: new Tensor('float32', x, shape) });
  result.onnxruntime = close('ONNX Runtime', data, output.data);
}
console.log(JSON.stringify(result));

function same(what, own, peer) {
  if (own === peer) return;
  throw new Error(`bench: expected as many ${what} of ${name} in PyTorch as in cnnative, ${own}, received ${peer}.`);
}

/** The largest difference of two outputs, as a part of the largest output. */
function close(peer, own, other) {
  const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = own.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0) / largest;
  if (own.length === other.length && difference <= MOST_DIFFERENCE) return difference;
  throw new Error(
    `bench: expected outputs of ${name} within ${MOST_DIFFERENCE} of those of ${peer}, received a difference of ${difference}. ` +
      'The definitions in bench/peers/networks.py and lib/bench/workloads must be the same network.',
  );
}

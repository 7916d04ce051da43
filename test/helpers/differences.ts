import { centralDifferences, type Differences, differentiate, STEP } from '#lib/gradcheck/central-differences.js';
import { Softmax } from '#lib/program/operations/softmax.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { inOrder } from '#lib/util/permutation.js';
import type { Philox } from '#lib/util/philox.js';
import { crossEntropy } from './reference/loss.js';
import { type Batch, DOUBLE, type Settings, type TestNetwork } from './test-network.js';
import { at, type Numbers, someIndices } from './values.js';

export { centralDifferences, type Differences };

/** Slopes in up to `most` elements of each trained parameter, of the evaluation (or training) run in double. */
export async function parameterDifferences(
  network: TestNetwork,
  parameters: readonly Numbers[],
  batch: Batch,
  random: Philox,
  most: number,
  mode: 'evaluate' | 'gradients' = 'evaluate',
  settings: Settings = DOUBLE,
): Promise<Differences[]> {
  const samples = batch.labels.length;
  const program = network.program(mode, samples, settings);
  const store = network.variables('float64');
  const stores = mode === 'gradients' ? [store, network.variables('float64')] : [store];
  const dataset = network.dataset(batch);
  const values = parameters.map((parameter) => Float64Array.from(parameter));
  void store.write(values);

  // Tasks of the executor run in their order, so many of them can wait in line: each change, then its loss.
  const loss = async (): Promise<number> => {
    const inputs = { stores, dataset, order: inOrder(samples), batchSize: samples, threads: 1 };
    const run = await new ProgramRun(program, { ...inputs, scalars: new Float64Array() }).finished();
    return at(run.metrics(0), 0) / samples;
  };
  const lossAt = (slot: number, element: number, change: number): Promise<number> => {
    const changed = Float64Array.from(values[slot] as Float64Array);
    changed[element] = at(changed, element) + change;
    void store.write(values.map((_, i) => (i === slot ? changed : null)));
    const result = loss();
    void store.write(values.map((_, i) => (i === slot ? (values[slot] as Float64Array) : null)));
    return result;
  };

  const middle = await loss();
  const differences: Differences[] = [];
  for (const { name, slot, trainable } of network.network.parameters) {
    if (!trainable) continue;
    const elements = someIndices(random, (values[slot] as Float64Array).length, most);
    const up = await Promise.all(elements.map((element) => lossAt(slot, element, STEP)));
    const down = await Promise.all(elements.map((element) => lossAt(slot, element, -STEP)));
    differences.push(centralDifferences(name, elements, () => middle, up, down));
  }
  return differences;
}

/**
 * Slopes in up to `most` elements of the input. A sample's loss depends on no other sample, so all steps together are
 * one prediction in double of many changed samples, and the loss is taken from its outputs by definition.
 */
export async function inputDifferences(
  network: TestNetwork,
  parameters: readonly Numbers[],
  batch: Batch,
  random: Philox,
  most: number,
): Promise<Differences> {
  const { features, classes } = network;
  const samples = batch.labels.length;
  const elements = someIndices(random, batch.inputs.length, most);
  const variants = elements.flatMap((element) => [0, STEP, -STEP].map((change) => ({ element, change })));
  const inputs = new Float64Array(variants.length * features);
  variants.forEach(({ element, change }, i) => {
    const first = Math.floor(element / features) * features;
    inputs.set(batch.inputs.subarray(first, first + features), i * features);
    const place = i * features + (element - first);
    inputs[place] = at(inputs, place) + change;
  });
  const outputs = await network.predict(parameters, inputs, { ...DOUBLE, batchSize: 16 });
  const { producer } = network.network.output;
  const isProbability = producer instanceof Softmax && producer.op === 'softmax';
  const losses = Float64Array.from(variants, ({ element }, i) => {
    const output = outputs.subarray(i * classes, (i + 1) * classes);
    const label = at(batch.labels, Math.floor(element / features));
    return (isProbability ? -Math.log(at(output, label)) : crossEntropy(output, label).loss) / samples;
  });
  const every = (offset: number) => elements.map((_, i) => at(losses, 3 * i + offset));
  const middle = every(0);
  return centralDifferences('input', elements, (i) => at(middle, i), every(1), every(2));
}

/** Slopes in up to `most` elements of the input where samples depend on one another: a run of training for each step. */
export async function wholeInputDifferences(
  network: TestNetwork,
  parameters: readonly Numbers[],
  batch: Batch,
  random: Philox,
  most: number,
): Promise<Differences> {
  const elements = someIndices(random, batch.inputs.length, most);
  const lossOf = async (inputs: Float64Array): Promise<number> =>
    (await network.gradients(parameters, { ...batch, inputs }, DOUBLE)).loss;
  return differentiate('input', batch.inputs, elements, lossOf, await lossOf(Float64Array.from(batch.inputs)));
}

import type { Model } from '../../model/model.js';

/** A class and how likely it is. */
export interface ClassProbability {
  /** Its name, or its number where the model has no names. */
  readonly class: string;
  readonly label: number;
  readonly probability: number;
}

/** The outputs of a sample as probabilities: those of a model that ends in softmax or sigmoid; of any other they are taken as logits. */
export function probabilitiesOf(model: Model, outputs: Float32Array): readonly number[] {
  if (['softmax', 'sigmoid'].includes(lastActivation(model))) return Array.from(outputs);
  const largest = Math.max(...outputs);
  const powers = Array.from(outputs, (value) => Math.exp(value - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Of the last layer that changes values. */
function lastActivation({ graph: { nodes, output } }: Model): string {
  let node = nodes.find(({ name }) => name === output);
  while (node && ['flatten', 'reshape'].includes(node.layer.type)) {
    const [before] = node.inputs;
    node = nodes.find(({ name }) => name === before);
  }
  const config = node?.layer.config();
  return String(config?.activation ?? config?.type);
}

/** The likeliest classes, the likeliest first; of equal ones the first. */
export function topClasses(
  probabilities: readonly number[],
  names: readonly string[] | undefined,
  count: number,
): ClassProbability[] {
  return probabilities
    .map((probability, label) => ({ class: names?.[label] ?? `${label}`, label, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}

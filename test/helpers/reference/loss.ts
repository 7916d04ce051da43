import { at, type Numbers } from '../values.js';

/** Softmax cross-entropy of one sample's logits: `loss = log(sum exp z) - z[label]`, `dz = softmax(z) - onehot(label)`. */
export function crossEntropy(logits: Numbers, label: number): { loss: number; gradient: Float64Array } {
  const probabilities = softmax(logits);
  const top = Math.max(...Array.from(logits));
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += Math.exp(at(logits, k) - top);
  const gradient = Float64Array.from(probabilities, (p, k) => p - (k === label ? 1 : 0));
  return { loss: Math.log(sum) + (top - at(logits, label)), gradient };
}

/** `exp(z) / sum exp(z)`. */
export function softmax(logits: Numbers): Float64Array {
  const top = Math.max(...Array.from(logits));
  const powers = Float64Array.from(logits, (z) => Math.exp(z - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Mean loss of a batch, its gradient by the logits of every sample, and the number of right answers. */
export function batchCrossEntropy(logits: Numbers, labels: Int32Array) {
  const classes = logits.length / labels.length;
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  let correct = 0;
  labels.forEach((label, n) => {
    const own = Array.from({ length: classes }, (_, k) => at(logits, n * classes + k));
    const result = crossEntropy(own, label);
    loss += result.loss / labels.length;
    if (own.indexOf(Math.max(...own)) === label) correct++;
    gradient.set(
      result.gradient.map((value) => value / labels.length),
      n * classes,
    );
  });
  return { loss, gradient, correct };
}

import { at, type Numbers } from '../values.js';

/** The loss of a sample's outputs beside its targets, by definition. */
export type LossFormula = (outputs: Numbers, targets: Numbers) => number;

const sum = (count: number, of: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < count; i++) total += of(i);
  return total;
};

/** The mean over elements of a function of an output and its target. */
export const meanOf =
  (f: (y: number, t: number) => number): LossFormula =>
  (outputs, targets) =>
    sum(outputs.length, (i) => f(at(outputs, i), at(targets, i))) / outputs.length;

/** The sum of them. */
export const sumOf =
  (f: (y: number, t: number) => number): LossFormula =>
  (outputs, targets) =>
    sum(outputs.length, (i) => f(at(outputs, i), at(targets, i)));

export const logistic = (z: number, t: number): number => Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z)));

export const huber =
  (delta: number) =>
  (y: number, t: number): number => {
    const distance = Math.abs(y - t);
    return distance <= delta ? distance ** 2 / 2 : delta * (distance - delta / 2);
  };

const within = (p: number, most = 1): number => Math.min(Math.max(p, 1e-7), most);

export const negativeLog = (p: number, t: number): number => -t * Math.log(within(p));

export const binary = (p: number, t: number): number => {
  const q = within(p, 1 - 1e-7);
  return -t * Math.log(q) - (1 - t) * Math.log(1 - q);
};

export const divergence = (p: number, t: number): number => (t === 0 ? 0 : t * Math.log(t / within(p)));

/** On logits, for any targets: each class's `-t log softmax`, with `t log t` where `relative`. */
export const categorical =
  (relative = false): LossFormula =>
  (logits, targets) => {
    const top = Math.max(...Array.from(logits));
    const log = top + Math.log(sum(logits.length, (k) => Math.exp(at(logits, k) - top)));
    return sum(logits.length, (k) => {
      const t = at(targets, k);
      return t * (log - at(logits, k)) + (relative && t > 0 ? t * Math.log(t) : 0);
    });
  };

/** Targets smoothed over classes, and weighed. */
export const changed =
  (formula: LossFormula, change: (t: number, k: number, classes: number) => number): LossFormula =>
  (outputs, targets) =>
    formula(
      outputs,
      Array.from(targets, (t, k) => change(t, k, targets.length)),
    );

/** Slopes of a formula in a sample's outputs, by central differences. */
export function slopesOf(formula: LossFormula, outputs: Numbers, targets: Numbers): Float64Array {
  const step = 1e-6;
  return Float64Array.from({ length: outputs.length }, (_, i) => {
    const moved = (change: number) => {
      const values = Float64Array.from(outputs);
      values[i] = at(outputs, i) + change;
      return formula(values, targets);
    };
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

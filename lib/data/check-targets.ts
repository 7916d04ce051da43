import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { LossName, TargetValues } from '../losses/loss.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../util/shape.js';
import type { AnyDataset } from './dataset.js';

/** The part of a loss that says what it compares outputs with. */
export interface Comparison {
  readonly name: LossName;
  readonly reads: 'labels' | 'targets';
  readonly targetValues: TargetValues | undefined;
}

/** Checks that a dataset has what a loss compares outputs of a shape with. @throws InvalidArgumentError or ShapeError otherwise */
export function checkTargets(who: string, data: AnyDataset, loss: Comparison, outputShape: Shape): void {
  if (loss.reads === 'labels') checkLabels(who, data, loss.name, sizeOf(outputShape));
  else checkValues(who, data, loss, outputShape);
  checkWeights(who, data);
}

function checkLabels(who: string, { labels, size }: AnyDataset, loss: LossName, outputs: number): void {
  if (labels === undefined) {
    throw new InvalidArgumentError(
      `${who}: expected a dataset with labels for the loss ${loss}, received one with targets alone. ` +
        'Give datasets.fromArrays() labels, or use a loss that takes targets, such as categoricalCrossentropy.',
    );
  }
  checkLabelCount(who, labels, size);
  const wrong = labels.findIndex((label) => label < 0 || label >= outputs);
  if (wrong >= 0) {
    throw new InvalidArgumentError(
      `${who}: expected labels from 0 to ${outputs - 1}, for the model has ${outputs} outputs; received ` +
        `${labels[wrong]} at position ${wrong}. Give the last layer one unit a class.`,
    );
  }
}

/** @throws ShapeError unless there is one for each sample */
export function checkLabelCount(who: string, labels: Int32Array, size: number): void {
  if (labels.length === size) return;
  throw new ShapeError(
    `${who}: expected a label for each sample, received ${labels.length} labels for ${size} samples.`,
  );
}

function checkValues(who: string, data: AnyDataset, { name, targetValues }: Comparison, outputShape: Shape): void {
  const { targets, targetShape, size } = data;
  if (targets === undefined || targetShape === undefined) {
    throw new InvalidArgumentError(
      `${who}: expected a dataset with targets of shape ${formatShape(outputShape)} for the loss ${name}, received one with ` +
        `labels alone. ${wayOutOf(name, outputShape)}`,
    );
  }
  if (!sameShape(targetShape, outputShape)) {
    throw new ShapeError(
      `${who}: expected targets of shape ${formatShape(outputShape)}, that of the model's output, received ` +
        `${formatShape(targetShape)}.`,
    );
  }
  checkTargetCount(who, targets, outputShape, size);
  const { expected = 'finite', includes = () => true } = targetValues ?? {};
  const wrong = targets.findIndex((value) => !Number.isFinite(value) || !includes(value));
  if (wrong >= 0) {
    throw new InvalidArgumentError(
      `${who}: expected targets ${expected} for the loss ${name}, received ${targets[wrong]} at index ${wrong}.`,
    );
  }
}

/** @throws ShapeError unless there are as many for each sample as their shape says */
export function checkTargetCount(who: string, targets: Float32Array, shape: Shape, size: number): void {
  if (targets.length === size * sizeOf(shape)) return;
  throw new ShapeError(
    `${who}: expected ${sizeOf(shape)} targets for each of ${size} samples, received ${targets.length} targets.`,
  );
}

/** One output is for a number, or for no and yes: a target for each class does not fit it. */
function wayOutOf(loss: LossName, outputShape: Shape): string {
  if (sizeOf(outputShape) > 1) {
    return 'Give datasets.fromArrays() { targets, targetShape }, or use datasets.oneHot(set).';
  }
  return (
    `Give datasets.fromArrays() { targets, targetShape: ${formatShape(outputShape)} }, ${loss === 'hinge' ? -1 : 0} and 1 for two ` +
    'classes, or give the model an output for each class and the loss sparseCategoricalCrossentropy.'
  );
}

function checkWeights(who: string, { weights, size }: AnyDataset): void {
  if (weights === undefined) return;
  checkWeightCount(who, weights, size);
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight) || weight < 0);
  if (wrong < 0) return;
  throw new InvalidArgumentError(
    `${who}: expected finite weights from 0, received ${weights[wrong]} at index ${wrong}.`,
  );
}

/** @throws ShapeError unless there is one for each sample */
export function checkWeightCount(who: string, weights: Float32Array, size: number): void {
  if (weights instanceof Float32Array && weights.length === size) return;
  throw new ShapeError(
    `${who}: expected a Float32Array with a weight for each of ${size} samples for weights, received ${describe(weights)}.`,
  );
}

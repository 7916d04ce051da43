import { InvalidArgumentError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { Activation } from '../program/operations/activation.js';
import { beforeReshapes } from '../program/operations/reshape.js';
import { Softmax } from '../program/operations/softmax.js';
import type { LossName } from './loss.js';

/** The softmax, or its logarithm, that makes a value; `undefined` of any other value. A reshape behind it changes nothing. */
export function softmaxOf(value: Value): Softmax | undefined {
  const { producer } = beforeReshapes(value);
  return producer instanceof Softmax ? producer : undefined;
}

/** What a sigmoid makes a value of; `undefined` of any other value. */
export function beforeSigmoid(value: Value): Value | undefined {
  const { producer } = beforeReshapes(value);
  return producer instanceof Activation && producer.activation === 'sigmoid' ? producer.inputs[0] : undefined;
}

/** @throws InvalidArgumentError: outputs are probabilities, or their logarithms, that the loss would take for logits */
export function refuseProbabilities(
  who: string,
  loss: LossName,
  activation: 'softmax' | 'logSoftmax' | 'sigmoid',
  other: LossName,
): never {
  const orSay =
    activation === 'logSoftmax' ? '' : `, or say what the outputs are: losses.${loss}({ fromLogits: false })`;
  throw new InvalidArgumentError(
    `${who}: expected a model that ends in logits for the loss ${loss}, received one that ends in ${activation}. Use ${other}${orSay}.`,
  );
}

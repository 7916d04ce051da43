import { InvalidArgumentError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { Activation } from '../program/operations/activation.js';
import { beforeReshapes } from '../program/operations/reshape.js';
import { Softmax } from '../program/operations/softmax.js';
import type { LossName } from './loss.js';

/** What a softmax, or its logarithm, makes a value of; `undefined` of any other value. A reshape behind it changes nothing. */
export function beforeSoftmax(value: Value): Value | undefined {
  const { producer } = beforeReshapes(value);
  return producer instanceof Softmax ? producer.inputs[0] : undefined;
}

/** The same of a sigmoid. */
export function beforeSigmoid(value: Value): Value | undefined {
  const { producer } = beforeReshapes(value);
  return producer instanceof Activation && producer.activation === 'sigmoid' ? producer.inputs[0] : undefined;
}

/** @throws InvalidArgumentError: outputs are probabilities that the loss would take for logits */
export function refuseProbabilities(who: string, loss: LossName, activation: string, others: string): never {
  throw new InvalidArgumentError(
    `${who}: expected a model that ends in logits for the loss ${loss}, received one that ends in ${activation}. ` +
      `Use ${others}, or say what the outputs are: losses.${loss}({ fromLogits: false }).`,
  );
}

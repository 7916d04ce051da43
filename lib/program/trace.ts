import type { Shape } from '../util/shape.js';
import type { Operation, Value } from './operation.js';

/** Collects the operations of a network while its layers are applied, one after another. */
export class Trace {
  readonly input: Value;
  readonly operations: Operation[] = [];
  /** Name of the layer whose operations come now. */
  label = '';

  constructor(inputShape: Shape) {
    this.input = { shape: inputShape, producer: null };
  }

  /** Adds an operation and gives its output. */
  add(operation: Operation): Value {
    this.operations.push(operation);
    operation.output.label = this.label;
    return operation.output;
  }
}

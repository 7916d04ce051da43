import type { Shape } from '../util/shape.js';
import type { Operation, Value } from './operation.js';

/** Collects the operations of a network while its layers are applied, one after another. */
export class Trace {
  readonly inputs: readonly Value[];
  readonly operations: Operation[] = [];
  /** Name of the layer whose operations come now. */
  label = '';

  constructor(inputs: readonly { readonly name: string; readonly shape: Shape }[]) {
    this.inputs = inputs.map(({ name, shape }) => ({ shape, producer: null, label: name }));
  }

  /** Adds an operation and gives its output. */
  add(operation: Operation): Value {
    this.operations.push(operation);
    operation.output.label = this.label;
    return operation.output;
  }
}

import type { Shape } from '../util/shape.js';
import type { Operation, Value } from './operation.js';

/** Collects the operations of a network while its layers are applied, one after another. */
export class Trace {
  readonly inputs: readonly Value[];
  readonly operations: Operation[] = [];
  /** Name of the layer whose operations come now. */
  label = '';
  #streams = 0;

  constructor(inputs: readonly { readonly name: string; readonly shape: Shape }[]) {
    this.inputs = inputs.map(({ name, shape }) => ({ shape, producer: null, label: name }));
  }

  /** A number for an operation that draws random numbers, unlike that of any other of the network. */
  nextStream(): number {
    return this.#streams++;
  }

  /** Adds an operation and gives its output. */
  add(operation: Operation): Value {
    this.operations.push(operation);
    operation.output.label = this.label;
    return operation.output;
  }
}

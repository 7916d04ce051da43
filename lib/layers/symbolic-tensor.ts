import type { Shape } from '../util/shape.js';
import type { Layer } from './layer.js';

/**
 * A tensor of a network being described: an input of the model, or what a layer gives when applied to others. It holds no numbers,
 * only how it comes about.
 */
export class SymbolicTensor {
  /** Shape of one sample. */
  readonly shape: Shape;
  /** The layer that makes it; `null` for an input. */
  readonly layer: Layer | null;
  readonly inputs: readonly SymbolicTensor[];
  /** Of an input: the name given by the user, if any. */
  readonly givenName: string | undefined;

  /** @internal */
  constructor(shape: Shape, layer: Layer | null, inputs: readonly SymbolicTensor[], givenName?: string) {
    this.shape = shape;
    this.layer = layer;
    this.inputs = inputs;
    this.givenName = givenName;
  }
}

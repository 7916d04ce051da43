import type { Layer } from '../../layers/layer.js';
import type { SymbolicTensor } from '../../layers/symbolic-tensor.js';
import type { Shape } from '../../util/shape.js';

/** A network whose speed is measured, the same in every library it is compared with. */
export interface Workload {
  /** Of one image: `[C, H, W]`. */
  readonly inputShape: Shape;
  readonly classes: number;
  /** Images a step, unless told otherwise. */
  readonly batchSize: number;
  /** Multiply-adds of one image through all convolutions and dense layers, forward. */
  readonly forwardMacs: number;
  /** Applies new layers to the input; gives logits. */
  build(input: SymbolicTensor): SymbolicTensor;
}

/** Applies layers one after another. */
export function chain(input: SymbolicTensor, layers: readonly Layer[]): SymbolicTensor {
  return layers.reduce((tensor, layer) => layer.apply(tensor), input);
}

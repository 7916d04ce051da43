import type { Value } from '../program/operation.js';
import { Multiply as MultiplyOperation } from '../program/operations/multiply.js';
import type { Trace } from '../program/trace.js';
import type { LayerOptions, ParameterLookup } from './layer.js';
import { Merge } from './merge.js';

/** The product of two or more tensors of one shape, element by element: `layers.multiply().apply([x, y])`. */
export class Multiply extends Merge {
  readonly type = 'multiply';

  constructor(options: LayerOptions = {}) {
    super('layers.multiply', options);
  }

  compute(trace: Trace, _parameter: ParameterLookup, input: Value, ...others: readonly Value[]): Value {
    return others.reduce((product, value) => trace.add(new MultiplyOperation(product, value)), input);
  }
}

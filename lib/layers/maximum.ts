import type { Value } from '../program/operation.js';
import { Maximum as MaximumOperation } from '../program/operations/maximum.js';
import type { Trace } from '../program/trace.js';
import type { LayerOptions, ParameterLookup } from './layer.js';
import { Merge } from './merge.js';

/**
 * The largest of two or more tensors of one shape, element by element: `layers.maximum().apply([x, y])`. Its gradient goes to the
 * largest, of equal ones to the first (PyTorch divides it among them).
 */
export class Maximum extends Merge {
  readonly type = 'maximum';

  constructor(options: LayerOptions = {}) {
    super('layers.maximum', options);
  }

  compute(trace: Trace, _parameter: ParameterLookup, input: Value, ...others: readonly Value[]): Value {
    return others.reduce((largest, value) => trace.add(new MaximumOperation(largest, value)), input);
  }
}

import type { Value } from '../program/operation.js';
import { Add as AddOperation } from '../program/operations/add.js';
import type { Trace } from '../program/trace.js';
import type { LayerOptions, ParameterLookup } from './layer.js';
import { Merge } from './merge.js';

/** The sum of two or more tensors of one shape: `layers.add().apply([x, y])`. */
export class Add extends Merge {
  readonly type = 'add';

  constructor(options: LayerOptions = {}) {
    super('layers.add', options);
  }

  compute(trace: Trace, _parameter: ParameterLookup, input: Value, ...others: readonly Value[]): Value {
    return others.reduce((sum, value) => trace.add(new AddOperation(sum, value)), input);
  }
}

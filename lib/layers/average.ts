import type { Value } from '../program/operation.js';
import { Add } from '../program/operations/add.js';
import { Scale } from '../program/operations/scale.js';
import type { Trace } from '../program/trace.js';
import type { LayerOptions, ParameterLookup } from './layer.js';
import { Merge } from './merge.js';

/** The mean of two or more tensors of one shape, element by element: `layers.average().apply([x, y])`. */
export class Average extends Merge {
  readonly type = 'average';

  constructor(options: LayerOptions = {}) {
    super('layers.average', options);
  }

  compute(trace: Trace, _parameter: ParameterLookup, input: Value, ...others: readonly Value[]): Value {
    const sum = others.reduce((sum, value) => trace.add(new Add(sum, value)), input);
    return trace.add(new Scale(sum, 1 / (others.length + 1)));
  }
}

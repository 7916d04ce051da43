import { InvalidArgumentError } from '../errors/index.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { graphOf } from './graph.js';
import { checkNamedInput, type InputSpec, type NamedInputOptions } from './input.js';
import { Model } from './model.js';
import { Runtime } from './runtime.js';

/** How each model input turns raw pixels into numbers. */
const specs = new WeakMap<SymbolicTensor, InputSpec>();

/**
 * An input of a model described layer by layer.
 *
 * ```ts
 * const x = input({ shape: [16, 8, 8] });
 * const y = layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same' }).apply(x);
 * const network = model({ inputs: x, outputs: layers.add().apply([x, y]) });
 * ```
 *
 * @throws InvalidArgumentError or ShapeError unless the options describe an input
 */
export function input(options: NamedInputOptions): SymbolicTensor {
  const { name, spec } = checkNamedInput('input', options);
  const tensor = new SymbolicTensor(spec.shape, null, [], name);
  specs.set(tensor, spec);
  return tensor;
}

/** What `model` makes a network of. */
export interface ModelOptions {
  /**
   * What `input()` gave; or an array of several, whose order is that of the parts of a dataset and of what `predict` is
   * given.
   */
  inputs: SymbolicTensor | readonly SymbolicTensor[];
  /** What the last layer's `apply` gave. */
  outputs: SymbolicTensor;
  /**
   * Draws the first weights and every epoch's order of samples: the same seed gives the same bits.
   * @default 0
   */
  seed?: number;
}

/**
 * A model of all layers between inputs and an output; see `input`.
 *
 * @throws InvalidArgumentError when the output does not come from the inputs alone, or not from all of them
 */
export function model(options: ModelOptions): Model {
  const who = 'model';
  checkOptions(who, options, ['inputs', 'outputs', 'seed']);
  const { inputs, outputs, seed = 0 } = options;
  const tensors: readonly SymbolicTensor[] = Array.isArray(inputs) ? [...inputs] : [inputs];
  const known = tensors.map((tensor) => specs.get(tensor)).filter((spec) => spec !== undefined);
  if (known.length === 0 || known.length < tensors.length) {
    throw new InvalidArgumentError(
      `${who}: expected what input() gave, or an array of such, for inputs, received ${describe(inputs)}.`,
    );
  }
  if (new Set(tensors).size < tensors.length) {
    throw new InvalidArgumentError(
      `${who}: expected each input once for inputs, received one of ${tensors.length} again. Make a second input().`,
    );
  }
  if (!(outputs instanceof SymbolicTensor) || tensors.includes(outputs)) {
    throw new InvalidArgumentError(
      `${who}: expected what a layer's apply gave for outputs, received ${describe(outputs)}.`,
    );
  }
  const runtime = new Runtime(graphOf(who, tensors, outputs), known, checkInteger(who, 'seed', seed, 0));
  runtime.initialize();
  return new Model(runtime);
}

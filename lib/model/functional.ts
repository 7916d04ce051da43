import { InvalidArgumentError } from '../errors/index.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { graphOf } from './graph.js';
import { checkInput, type InputOptions, type InputSpec } from './input.js';
import { Model } from './model.js';
import { Runtime } from './runtime.js';

/** How each model input turns raw pixels into numbers. */
const specs = new WeakMap<SymbolicTensor, InputSpec>();

/**
 * The input of a model described layer by layer.
 *
 * ```ts
 * const x = input({ shape: [16, 8, 8] });
 * const y = layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same' }).apply(x);
 * const network = model({ inputs: x, outputs: layers.add().apply([x, y]) });
 * ```
 *
 * @throws InvalidArgumentError or ShapeError unless the options describe an input
 */
export function input(options: InputOptions): SymbolicTensor {
  const spec = checkInput('input', options);
  const tensor = new SymbolicTensor(spec.shape, null, []);
  specs.set(tensor, spec);
  return tensor;
}

export interface ModelOptions {
  /** What `input()` gave. */
  inputs: SymbolicTensor;
  /** What the last layer's `apply` gave. */
  outputs: SymbolicTensor;
  /**
   * Draws the first weights and every epoch's order of samples: the same seed gives the same bits.
   * @default 0
   */
  seed?: number;
}

/**
 * A model of all layers between an input and an output; see `input`.
 *
 * @throws InvalidArgumentError when the output does not come from the input alone
 */
export function model(options: ModelOptions): Model {
  const who = 'model';
  checkOptions(who, options, ['inputs', 'outputs', 'seed']);
  const { inputs, outputs, seed = 0 } = options;
  const spec = specs.get(inputs);
  if (!spec) {
    throw new InvalidArgumentError(`${who}: expected what input() gave for inputs, received ${describe(inputs)}.`);
  }
  if (!(outputs instanceof SymbolicTensor) || outputs === inputs) {
    throw new InvalidArgumentError(
      `${who}: expected what a layer's apply gave for outputs, received ${describe(outputs)}.`,
    );
  }
  const runtime = new Runtime(graphOf(who, inputs, outputs), spec, checkInteger(who, 'seed', seed, 0));
  runtime.initialize();
  return new Model(runtime);
}

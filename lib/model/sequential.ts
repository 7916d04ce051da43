import { InvalidArgumentError } from '../errors/index.js';
import type { Layer } from '../layers/index.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { buildGraph } from './graph.js';
import { checkInput, type InputOptions } from './input.js';
import { Model } from './model.js';
import { Runtime } from './runtime.js';

/** Options of `sequential`. */
export interface SequentialOptions {
  /** The model's input and its preprocessing. */
  input?: InputOptions;
  /** Short form of `input: { shape }`. */
  inputShape?: readonly number[];
  /**
   * Draws the first weights and every epoch's order of samples: the same seed gives the same bits.
   * @default 0
   */
  seed?: number;
}

/**
 * A model of layers one after another.
 *
 * ```ts
 * const model = sequential({ inputShape: [1, 28, 28] }, [
 *   layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
 *   layers.maxPooling2d(),
 *   layers.flatten(),
 *   layers.dense({ units: 10, activation: 'softmax' }),
 * ]);
 * ```
 *
 * @throws InvalidArgumentError for options, ShapeError where a layer cannot take what the one before it gives
 */
export function sequential(options: SequentialOptions, layers: readonly Layer[]): Model {
  const who = 'sequential';
  checkOptions(who, options, ['input', 'inputShape', 'seed']);
  const { input, inputShape, seed = 0 } = options;
  if ((input === undefined) === (inputShape === undefined)) {
    throw new InvalidArgumentError(
      `${who}: expected either input or inputShape, received ${input === undefined ? 'neither' : 'both'}. Give the shape of one sample, such as inputShape: [1, 28, 28].`,
    );
  }
  const spec = checkInput(who, input === undefined ? { shape: inputShape as readonly number[] } : input);
  const runtime = new Runtime(buildGraph(who, spec.shape, layers), [spec], checkInteger(who, 'seed', seed, 0));
  runtime.initialize();
  return new Model(runtime);
}

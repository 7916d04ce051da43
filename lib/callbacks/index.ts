import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { type NoOptions, withoutOptions } from '../util/without-options.js';
import type { Callback } from './callback.js';
import type { CallbackConfig } from './config.js';
import { CsvLogger, type CsvLoggerOptions } from './csv-logger.js';
import { customCallback } from './custom.js';
import { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
import { JsonLines, type JsonLinesOptions } from './json-lines.js';
import { ModelCheckpoint, type ModelCheckpointOptions } from './model-checkpoint.js';
import { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './reduce-lr-on-plateau.js';
import { TensorBoard, type TensorBoardOptions } from './tensorboard/tensor-board.js';
import { TerminateOnNaN } from './terminate-on-nan.js';

export type { Callback, Training } from './callback.js';
export type { CallbackConfig, DescribedCallback } from './config.js';
export type { CsvLogger, CsvLoggerOptions } from './csv-logger.js';
export type { EarlyStopping, EarlyStoppingOptions } from './early-stopping.js';
export type { JsonLines, JsonLinesOptions } from './json-lines.js';
export type { ModelCheckpoint, ModelCheckpointOptions } from './model-checkpoint.js';
export type { MonitorMode, MonitorOptions } from './monitor.js';
export type { ReduceLROnPlateau, ReduceLROnPlateauOptions } from './reduce-lr-on-plateau.js';
export type { TensorBoard, TensorBoardOptions } from './tensorboard/tensor-board.js';
export type { TerminateOnNaN } from './terminate-on-nan.js';

/**
 * What accompanies a training, by Keras's names. They run in the order of `fit({ callbacks })`.
 *
 * @namespace
 */
export const callbacks = {
  /** A row an epoch in a table. */
  csvLogger: (options: CsvLoggerOptions): CsvLogger => new CsvLogger(options),
  /** Functions of your own. */
  custom: (callback: Callback): Callback => customCallback(callback),
  /** Stops when a number no longer improves. */
  earlyStopping: (options?: EarlyStoppingOptions): EarlyStopping => new EarlyStopping(options),
  /** Events as lines of JSON. */
  jsonLines: (options: JsonLinesOptions): JsonLines => new JsonLines(options),
  /** Saves the model after epochs, or when it is the best so far. */
  modelCheckpoint: (options: ModelCheckpointOptions): ModelCheckpoint => new ModelCheckpoint(options),
  /** Lowers the learning rate when a number no longer improves. */
  reduceLROnPlateau: (options?: ReduceLROnPlateauOptions): ReduceLROnPlateau => new ReduceLROnPlateau(options),
  /** Event files for TensorBoard. */
  tensorBoard: (options: TensorBoardOptions): TensorBoard => new TensorBoard(options),
  /** Stops when the loss is not finite. */
  terminateOnNaN: (options?: NoOptions): TerminateOnNaN =>
    withoutOptions('callbacks.terminateOnNaN', options, () => new TerminateOnNaN()),
} as const;

const { custom, ...described } = callbacks;
const NAMES = Object.keys(described) as (keyof typeof described)[];

/** The callback a `config()` describes. @throws InvalidArgumentError when it describes none */
export function callbackFromConfig(who: string, config: CallbackConfig): Callback {
  if (!isPlainObject(config)) {
    throw new InvalidArgumentError(
      `${who}: expected an object with the type of a callback, received ${describe(config)}.`,
    );
  }
  const { type, ...options } = config;
  const name = checkChoice(who, 'type of the callback', type, NAMES);
  return (described[name] as (options: unknown) => Callback)(options);
}

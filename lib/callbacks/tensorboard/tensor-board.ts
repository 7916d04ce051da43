import { join } from 'node:path';
import type { EpochEvent, StepEvent } from '../../model/events.js';
import { checkInteger, checkText } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import type { Callback, Training } from '../callback.js';
import { checkState } from '../check-state.js';
import type { CallbackConfig } from '../config.js';
import { judged, validatedName } from '../epoch-numbers.js';
import { EventFile, type EventFileState } from './event-file.js';

/** Options of `callbacks.tensorBoard`. */
export interface TensorBoardOptions {
  /** Folder of the run, made where missing: `tensorboard --logdir` of it or of the folder around it shows the run. */
  logDir: string;
  /**
   * `'epoch'`: numbers of epochs alone. A number: also those of a step every so many steps.
   * @default 'epoch'
   */
  updateFreq?: 'epoch' | number;
}

interface State {
  readonly train: EventFileState;
  readonly validation: EventFileState;
}

const WHO = 'callbacks.tensorBoard';

/**
 * Writes event files for TensorBoard, with Keras's names: `epoch_loss`, `epoch_accuracy`, ... over the number of the epoch (from 1) in
 * `logDir/train` and, of the validation, `logDir/validation`; `epoch_learning_rate`; `batch_loss`, ... over the number of the
 * step. A resumed training goes on in the files of its checkpoint, without what was written after it; one that begins anew adds files to
 * those that are there, so give it another folder.
 */
export class TensorBoard implements Callback {
  readonly logDir: string;
  readonly updateFreq: 'epoch' | number;
  readonly passive = true;
  #train: EventFile | undefined;
  #validation: EventFile | undefined;

  constructor(options: TensorBoardOptions) {
    checkOptions(WHO, options, ['logDir', 'updateFreq']);
    this.logDir = checkText(WHO, 'logDir', options.logDir);
    const { updateFreq = 'epoch' } = options;
    this.updateFreq = updateFreq === 'epoch' ? updateFreq : checkInteger(WHO, 'updateFreq', updateFreq, 1);
  }

  onTrainBegin(): void {
    this.#begin();
  }

  onStep({ step, loss, accuracy }: StepEvent): void {
    if (this.updateFreq === 'epoch' || step % this.updateFreq !== 0) return;
    const scalars = { batch_loss: loss, ...(accuracy !== undefined && { batch_accuracy: accuracy }) };
    this.#train?.add({ wallTime: Date.now() / 1000, step, scalars });
  }

  onEpochEnd(event: EpochEvent, { learningRate }: Training): void {
    const wallTime = Date.now() / 1000;
    const train: Record<string, number> = {};
    const validation: Record<string, number> = {};
    for (const [name, value] of Object.entries(judged(event))) {
      const validated = validatedName(name);
      if (validated === undefined) train[`epoch_${name}`] = value;
      else validation[`epoch_${validated}`] = value;
    }
    this.#train?.add({ wallTime, step: event.epoch, scalars: { ...train, epoch_learning_rate: learningRate } });
    if (Object.keys(validation).length > 0) {
      this.#validation?.add({ wallTime, step: event.epoch, scalars: validation });
    }
    this.#train?.flush();
    this.#validation?.flush();
  }

  onTrainEnd(): void {
    try {
      this.#train?.close();
    } finally {
      this.#validation?.close();
    }
  }

  state(): State | null {
    const [train, validation] = [this.#train?.state(), this.#validation?.state()];
    return train && validation ? { train, validation } : null;
  }

  restore(state: unknown): void {
    const { train, validation } = checkState<State>(WHO, state, { train: 'object', validation: 'object' });
    this.#begin(checkFile(train), checkFile(validation));
  }

  config(): CallbackConfig {
    return { type: 'tensorBoard', logDir: this.logDir, updateFreq: this.updateFreq };
  }

  #begin(train?: EventFileState, validation?: EventFileState): void {
    this.onTrainEnd();
    this.#train = new EventFile(WHO, join(this.logDir, 'train'), train);
    this.#validation = new EventFile(WHO, join(this.logDir, 'validation'), validation);
  }
}

function checkFile(state: EventFileState): EventFileState {
  return checkState<EventFileState>(WHO, state, { name: 'file name', length: 'number' });
}

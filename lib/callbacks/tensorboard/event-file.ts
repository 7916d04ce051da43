import { join } from 'node:path';
import { LogFile } from '../log-file.js';
import { encodeEvent, FILE_VERSION, type TensorBoardEvent } from './event.js';
import { frameRecord, wholeRecords } from './record.js';

/** Where an event file stood. */
export interface EventFileState {
  readonly name: string;
  readonly length: number;
}

let files = 0;

/** An event file of a run, made with its first event. */
export class EventFile {
  readonly #who: string;
  readonly #folder: string;
  readonly #begin: EventFileState;
  #file: LogFile | undefined;
  /** Once it is closed. */
  #length: number | undefined;

  /** @param begin the file to go on with, and how much of it to keep; a new one by default */
  constructor(who: string, folder: string, begin: EventFileState = { name: newName(), length: 0 }) {
    this.#who = who;
    this.#folder = folder;
    this.#begin = begin;
    // What was written after the checkpoint goes now, whether or not more follows.
    if (begin.length > 0) this.#open();
  }

  add(event: TensorBoardEvent): void {
    this.#open().add(frameRecord(encodeEvent(event)));
  }

  flush(): void {
    this.#file?.flush();
  }

  close(): void {
    const file = this.#file;
    if (!file) return;
    // Before it may fail: its descriptor is gone either way, and may soon be that of another file.
    this.#file = undefined;
    this.#length = file.length;
    file.close();
  }

  state(): EventFileState {
    this.flush();
    const { name, length } = this.#begin;
    return { name, length: this.#file?.length ?? this.#length ?? length };
  }

  #open(): LogFile {
    if (this.#file) return this.#file;
    const { name, length } = this.#begin;
    const file = new LogFile(this.#who, join(this.#folder, name), length);
    file.truncate(wholeRecords(file.bytes()));
    if (file.length === 0) {
      file.add(frameRecord(encodeEvent({ wallTime: Date.now() / 1000, fileVersion: FILE_VERSION })));
    }
    this.#file = file;
    return file;
  }
}

/** TensorBoard looks for `tfevents`, and sorts by what follows. */
function newName(): string {
  const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
  return `events.out.tfevents.${seconds}.cnnative.${process.pid}.${files++}`;
}

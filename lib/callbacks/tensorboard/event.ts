import { PbfWriter } from 'pbf';

/** What a record of an event file says: the format's version, or numbers of a step. */
export interface TensorBoardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  readonly scalars?: Readonly<Record<string, number>>;
  readonly fileVersion?: string;
}

/** Every event file begins with it. */
export const FILE_VERSION = 'brain.Event:2';

/** Numbers of fields in tensorflow/core/util/event.proto and framework/summary.proto. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 };
const SUMMARY = { value: 1 };
const VALUE = { tag: 1, simpleValue: 2 };

/** A `tensorflow.Event` in protocol buffers. */
export function encodeEvent({ wallTime, step, scalars, fileVersion }: TensorBoardEvent): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(EVENT.wallTime, wallTime);
  if (step !== undefined) pbf.writeVarintField(EVENT.step, step);
  if (fileVersion !== undefined) pbf.writeStringField(EVENT.fileVersion, fileVersion);
  if (scalars !== undefined) pbf.writeMessage(EVENT.summary, writeSummary, scalars);
  return pbf.finish();
}

function writeSummary(scalars: Readonly<Record<string, number>>, pbf: PbfWriter): void {
  for (const scalar of Object.entries(scalars)) pbf.writeMessage(SUMMARY.value, writeValue, scalar);
}

function writeValue([tag, value]: readonly [string, number], pbf: PbfWriter): void {
  pbf.writeStringField(VALUE.tag, tag);
  pbf.writeFloatField(VALUE.simpleValue, value);
}

import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../errors/index.js';
import { decodeWithMetadata, encodeSafetensors, littleEndian, type Tensor } from '../model/safetensors.js';
import { describe } from '../util/describe.js';
import { readRegularFile } from '../util/read-file.js';
import { writeFileAtomically } from '../util/write-file.js';

/**
 * A checkpoint is one safetensors file: tensors, and beside them in its metadata the state of the training as JSON, the version of the
 * format, and a SHA-256 of all of it.
 */

const FORMAT = 'cnnative-checkpoint';
const FORMAT_VERSION = '1';
const NAME = /^checkpoint-(\d{9,})\.safetensors$/;
/** What `writeFileAtomically` leaves beside when the process is killed. */
const STALE = /^checkpoint-\d{9,}\.safetensors\.[0-9a-f]{12}\.part$/;

/** A checkpoint of a folder. */
export interface CheckpointPlace {
  readonly path: string;
  readonly step: number;
}

export interface CheckpointContent {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** JSON. */
  readonly state: string;
}

export function checkpointPath(folder: string, step: number): string {
  return join(folder, `checkpoint-${String(step).padStart(9, '0')}.safetensors`);
}

/** The checkpoints of a folder, the newest first. */
export async function listCheckpoints(folder: string): Promise<CheckpointPlace[]> {
  const found = (await readdir(folder)).flatMap((name) => {
    const [, step] = NAME.exec(name) ?? [];
    return step === undefined ? [] : [{ path: join(folder, name), step: Number(step) }];
  });
  return found.sort((a, b) => b.step - a.step);
}

/** Removes what a process that was killed left half written. */
export async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (STALE.test(name)) await rm(join(folder, name), { force: true });
}

/** Writes a checkpoint, complete or not at all. */
export async function writeCheckpoint(path: string, { tensors, state }: CheckpointContent): Promise<void> {
  const sha256 = digestOf(tensors, state);
  const metadata = { format: FORMAT, formatVersion: FORMAT_VERSION, sha256, state };
  await writeFileAtomically(path, encodeSafetensors(Object.fromEntries(tensors), metadata));
}

/** @throws CheckpointError when it cannot be read, is damaged or no checkpoint */
export async function readCheckpoint(who: string, path: string): Promise<CheckpointContent> {
  const fail = (received: string, options?: ErrorOptions): never => {
    throw new CheckpointError(
      `${who} resume: expected a complete checkpoint in ${path}, received ${received}`,
      path,
      options,
    );
  };
  let file: Buffer;
  try {
    file = await readRegularFile(path);
  } catch (error) {
    return fail(`${(error as Error).message}.`, { cause: error });
  }
  const damaged = (expected: string, received: string) =>
    fail(`a damaged one: expected ${expected}, received ${received}.`);
  const { tensors, metadata } = decodeWithMetadata(file, damaged);
  const { format, formatVersion, sha256, state = '' } = metadata;
  if (format !== FORMAT) return fail(`a file of format ${describe(format)}.`);
  if (formatVersion !== FORMAT_VERSION) {
    return fail(
      `one of format version ${describe(formatVersion)}. Read it with the version of cnnative that wrote it.`,
    );
  }
  if (sha256 !== digestOf(tensors, state)) return fail('one whose checksum is not that of its content.');
  return { tensors, state };
}

export function digestOf(tensors: ReadonlyMap<string, Tensor>, state: string): string {
  const hash = createHash('sha256').update(`${FORMAT_VERSION}\n${state}\n`);
  for (const [name, { data, shape }] of tensors) {
    hash.update(`${JSON.stringify([name, shape])}\n`).update(littleEndian(data));
  }
  return hash.digest('hex');
}

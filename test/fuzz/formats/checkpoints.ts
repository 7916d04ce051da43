import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Callback, CheckpointError, TrainingError } from 'cnnative';
import { decodeWithMetadata, encodeSafetensors } from '#lib/model/safetensors.js';
import { digestOf } from '#lib/training/checkpoint-file.js';
import type { Philox } from '#lib/util/philox.js';
import { Decay, type Left, leftBy, pictures, resumableModel } from '../../helpers/resumable.js';
import type { Format } from '../format.js';
import { mutateBytes } from '../mutate-bytes.js';
import { mutateJson } from '../mutate-json.js';

const NAME = 'checkpoint-000000003.safetensors';
const OPTIONS = { epochs: 2, batchSize: 16, threads: 1 } as const;

const data = pictures(32);
const run = (model = resumableModel(), extra = {}) => model.fit(data, { ...OPTIONS, ...extra });

/** A model that was never trained: it serves until a training with it goes on. */
let fresh = resumableModel();
const untouched = async () => leftBy(resumableModel(), { loss: [] });
let whole: Promise<Left> | undefined;

/** What the training leaves that nothing interrupted. */
function uninterrupted(): Promise<Left> {
  whole ??= (async () => {
    const model = resumableModel();
    return leftBy(model, (await run(model, { callbacks: [new Decay()] })).history);
  })();
  return whole;
}

async function samples(callbacks: () => Callback[]): Promise<Buffer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnative-test-'));
  try {
    await run(resumableModel(), { callbacks: callbacks(), checkpoint: { folder, everySteps: 1, keep: 10 } });
    const names = await readdir(folder);
    assert.ok(names.length >= 4);
    return Promise.all(names.map((name) => readFile(join(folder, name))));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Goes on from the file to the end. A model whose training was refused must be as it was before. */
async function resumed(path: string, callbacks: Callback[]): Promise<Left> {
  try {
    const { history } = await run(fresh, { callbacks, resume: dirname(path) });
    const left = await leftBy(fresh, history);
    fresh = resumableModel();
    return left;
  } catch (error) {
    if (error instanceof TrainingError) fresh = resumableModel();
    else assert.deepEqual(await leftBy(fresh, { loss: [] }), await untouched(), (error as Error).stack);
    throw error;
  }
}

/** Spaces behind the header, which mean nothing. */
function pad(file: Buffer, spaces: number): Buffer {
  const end = 8 + Number(file.readBigUInt64LE());
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(end - 8 + spaces));
  return Buffer.concat([length, file.subarray(8, end), Buffer.alloc(spaces, ' '), file.subarray(end)]);
}

/** Damaged files end in an error, or in the training that nothing interrupted: never in another one. */
export const checkpoint: Format = {
  name: 'checkpoint',
  file: NAME,
  errors: [CheckpointError],
  samples: () => samples(() => [new Decay()]),
  words: ['"__metadata__"', 'sha256', '"state"', 'F32', 'parameters/', '\\"epoch\\":'].map((word) => Buffer.from(word)),
  change: (sample, random, all) =>
    random.nextInt(8) ? mutateBytes(sample, random, all, checkpoint.words) : pad(sample, 1 + random.nextInt(100)),
  read: async ({ path }) => assert.deepEqual(await resumed(path, [new Decay()]), await uninterrupted()),
};

/** The state changed as JSON is, with the checksum it then has. */
function changeState(file: Buffer, random: Philox): Buffer {
  const { tensors, metadata } = decodeWithMetadata(file, assert.fail);
  const state = mutateJson(metadata.state ?? '', random);
  const sealed = { ...metadata, state, sha256: digestOf(tensors, state) };
  return Buffer.from(encodeSafetensors(Object.fromEntries(tensors), sealed));
}

/** Made by malice: the checksum is right. Such a file may say anything of the training, but no model is left half restored. */
export const checkpointState: Format = {
  ...checkpoint,
  name: 'checkpoint-state',
  // Of a learning rate that is too high.
  errors: [CheckpointError, TrainingError],
  // What a callback makes of its state is its own.
  samples: () => samples(() => []),
  change: changeState,
  read: async ({ path }) => {
    const { counters } = await resumed(path, []);
    assert.ok(counters.every((count) => Number.isSafeInteger(count) && count >= 0));
  },
};

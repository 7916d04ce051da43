import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import test from 'ava';
import { callbacks } from 'cnnative';
import { crc32c } from '#lib/callbacks/tensorboard/crc32c.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { epochEvent, stepEvent, TrainingLike, throughFile } from '../helpers/training-like.js';

/** The definition: division of polynomials over two elements, bit by bit. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return Number(crc ^ 0xffffffffn);
}

function masked(bytes: Uint8Array): number {
  const crc = BigInt(slowCrc(bytes));
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

interface Decoded {
  wallTime?: number;
  step?: number;
  fileVersion?: string;
  readonly scalars: Record<string, number>;
}

/** The records of an event file, by another reader of protocol buffers. */
function decodeFile(file: Buffer): Decoded[] {
  const events: Decoded[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    if (file.readUInt32LE(at + 8) !== masked(file.subarray(at, at + 8))) throw new Error('CRC of a length');
    if (file.readUInt32LE(at + 12 + length) !== masked(data)) throw new Error('CRC of a record');
    events.push(decodeEvent(data));
    at += length + 16;
  }
  return events;
}

function decodeEvent(data: Uint8Array): Decoded {
  const event: Decoded = { scalars: {} };
  fields(data, (field, wire, reader) => {
    if (field === 1 && wire === WireType.Bit64) event.wallTime = reader.double();
    else if (field === 2 && wire === WireType.Varint) event.step = Number(reader.int64());
    else if (field === 3 && wire === WireType.LengthDelimited) event.fileVersion = reader.string();
    else if (field === 5 && wire === WireType.LengthDelimited) decodeSummary(reader.bytes(), event.scalars);
    else throw new Error(`field ${field} of wire type ${wire} in Event`);
  });
  return event;
}

function decodeSummary(data: Uint8Array, scalars: Record<string, number>): void {
  fields(data, (field, _, values) => {
    if (field !== 1) throw new Error(`field ${field} in Summary`);
    let tag = '';
    fields(values.bytes(), (inner, wire, reader) => {
      if (inner === 1 && wire === WireType.LengthDelimited) tag = reader.string();
      else if (inner === 2 && wire === WireType.Bit32) scalars[tag] = reader.float();
      else throw new Error(`field ${inner} in Value`);
    });
  });
}

function fields(data: Uint8Array, each: (field: number, wire: WireType, reader: BinaryReader) => void): void {
  const reader = new BinaryReader(data);
  while (reader.pos < reader.len) each(...reader.tag(), reader);
}

/** The events of a run's only file. */
async function eventsOf(folder: string): Promise<Decoded[]> {
  const [name, ...others] = await readdir(folder);
  if (name === undefined || others.length > 0 || !name.startsWith('events.out.tfevents.')) throw new Error(`${name}`);
  return decodeFile(await readFile(join(folder, name)));
}

test('checksums are those of RFC 3720 and of the definition', (t) => {
  t.is(crc32c(Buffer.from('123456789')), 0xe3069283);
  t.is(crc32c(new Uint8Array(32)), 0x8a9136aa);
  t.is(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  t.is(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  t.is(crc32c(new Uint8Array(0)), 0);
  for (let length = 1; length < 300; length += 7) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * i * 31 + length) % 256);
    t.is(crc32c(bytes), slowCrc(bytes));
  }
});

test('event files hold what another decoder reads', async (t) => {
  const logDir = join(await temporaryFolder(t), 'run');
  const board = callbacks.tensorBoard({ logDir, updateFreq: 5 });
  const training = new TrainingLike();
  const before = Date.now() / 1000;
  board.onTrainBegin();
  await training.play(board, [3, 2]);
  board.onTrainEnd();
  const after = Date.now() / 1000;

  const [version, ...train] = await eventsOf(join(logDir, 'train'));
  t.is(version?.fileVersion, 'brain.Event:2');
  t.is(version?.step, undefined);
  const f = Math.fround;
  const batch = (step: number) => ({ step, scalars: { batch_loss: f(1 / step), batch_accuracy: 0.25 } });
  const epoch = (step: number) => ({
    step,
    scalars: { epoch_loss: f(1 / step), epoch_accuracy: 0.5, epoch_learning_rate: f(0.1) },
  });
  t.deepEqual(
    train.map(({ step, scalars }) => ({ step, scalars })),
    [batch(5), batch(10), epoch(1), batch(15), batch(20), epoch(2)],
  );
  t.true([version, ...train].every((event) => (event?.wallTime ?? 0) >= before && (event?.wallTime ?? 0) <= after));

  const [, ...validation] = await eventsOf(join(logDir, 'validation'));
  t.deepEqual(
    validation.map(({ step, scalars }) => ({ step, scalars })),
    [
      { step: 1, scalars: { epoch_loss: 3 } },
      { step: 2, scalars: { epoch_loss: 2 } },
    ],
  );
});

test('numbers that are not finite, and large steps, are written as they are', async (t) => {
  const logDir = await temporaryFolder(t);
  const board = callbacks.tensorBoard({ logDir, updateFreq: 1 });
  board.onTrainBegin();
  board.onStep(stepEvent(1, 2 ** 40 + 3, NaN));
  board.onStep(stepEvent(1, 2 ** 40 + 4, Infinity));
  board.onTrainEnd();
  const [, nan, infinite] = await eventsOf(join(logDir, 'train'));
  t.is(nan?.step, 2 ** 40 + 3);
  t.is(nan?.scalars.batch_loss, NaN);
  t.is(infinite?.scalars.batch_loss, Infinity);
});

test('a resumed training goes on in its files, and no step is there twice', async (t) => {
  const folder = await temporaryFolder(t);
  const losses = [4, 3, 2, 1];
  for (let kept = 0; kept < 4; kept++) {
    const logDir = join(folder, String(kept));
    const killed = callbacks.tensorBoard({ logDir, updateFreq: 4 });
    const training = new TrainingLike();
    killed.onTrainBegin();
    await training.play(killed, losses.slice(0, kept));
    const state = throughFile(killed.state());
    killed.onStep(stepEvent(kept + 1, 10 * kept + 12));
    killed.onEpochEnd(epochEvent(kept + 1, { valLoss: 99 }), training);
    for (const run of ['train', 'validation']) {
      const [name] = await readdir(join(logDir, run));
      await appendFile(join(logDir, run, name as string), 'half a record');
    }

    const resumed = callbacks.tensorBoard({ logDir, updateFreq: 4 });
    resumed.restore(state);
    resumed.onTrainBegin();
    const rest = new TrainingLike();
    rest.step = 10 * kept;
    await rest.play(resumed, losses.slice(kept), kept + 1);
    resumed.onTrainEnd();

    const [version, ...train] = await eventsOf(join(logDir, 'train'));
    t.is(version?.fileVersion, 'brain.Event:2');
    const steps = train.filter(({ scalars }) => 'batch_loss' in scalars).map(({ step }) => step);
    t.deepEqual(steps, [4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
    const epochs = (await eventsOf(join(logDir, 'validation'))).slice(1).map(({ scalars }) => scalars.epoch_loss);
    t.deepEqual(epochs, losses);
  }
});

test('rejects options and states that are none', (t) => {
  t.throws(() => callbacks.tensorBoard({} as never), { message: /callbacks\.tensorBoard: .*logDir/ });
  t.throws(() => callbacks.tensorBoard({ logDir: 'x', updateFreq: 'batch' as never }), { message: /updateFreq/ });
  const file = { name: 'a', length: 0 };
  for (const train of [undefined, {}, { name: '../a', length: 0 }]) {
    const restore = () => callbacks.tensorBoard({ logDir: 'x' }).restore({ train, validation: file });
    t.throws(restore, { message: /state to restore/ });
  }
});

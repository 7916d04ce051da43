import test from 'ava';
import { DataError } from 'cnnative';
import { readPythonBatch, readPythonMeta } from '#lib/data/cifar/python.js';
import { CIFAR10, type CifarLabels } from '#lib/data/cifar/set.js';
import { unpickle } from '#lib/data/pickle/unpickle.js';
import { Philox } from '#lib/util/philox.js';
import { BATCHES, fixture, METAS } from '../../helpers/cifar10-fixtures.js';
import { seed } from '../../helpers/seed.js';
import { threadTime } from '../../helpers/thread-time.js';

const OPCODES = [...'(.0NKMJUTBCX]ae)t}suqrhjcRb'].map((letter) => letter.charCodeAt(0));
const MORE_OPCODES = [0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x8d, 0x8e, 0x93, 0x94, 0x95, 0x96];

/** Changes a file in a few places: bytes, opcodes, pieces left out, repeated or moved. Pixels are spared mostly. */
function mutate(bytes: Buffer, random: Philox): Buffer {
  let out = Buffer.from(bytes);
  for (let left = 1 + random.nextInt(3); left > 0; left--) {
    const whole = random.nextInt(4) === 0;
    const place = () =>
      whole || random.nextInt(2) ? random.nextInt(out.length) : random.nextInt(Math.min(out.length, 300));
    const at = place();
    const kind = random.nextInt(6);
    const piece = out.subarray(at, at + 1 + random.nextInt(30));
    if (kind === 0) out[at] = random.nextInt(256);
    else if (kind === 1)
      out[at] = [...OPCODES, ...MORE_OPCODES][random.nextInt(OPCODES.length + MORE_OPCODES.length)] as number;
    else if (kind === 2) out[at] = (out[at] as number) ^ (1 << random.nextInt(8));
    else if (kind === 3) out = Buffer.concat([out.subarray(0, at), out.subarray(at + piece.length)]);
    else if (kind === 4) out = Buffer.concat([out.subarray(0, at), piece, out.subarray(at)]);
    else out = out.subarray(0, at);
    if (out.length === 0) break;
  }
  return out;
}

test('a changed pickle gives a value or a DataError, in time', async (t) => {
  t.log(`CNNATIVE_TEST_SEED=${seed}`);
  const random = new Philox(seed);
  let refused = 0;
  let slowest = 0;
  for (const name of [...BATCHES, ...METAS]) {
    const bytes = await fixture(name);
    for (let i = 0; i < 400; i++) {
      const changed = mutate(bytes, random);
      const begun = threadTime();
      try {
        unpickle(name, changed);
      } catch (error) {
        if (!(error instanceof DataError)) t.log(changed.toString('base64'));
        t.true(error instanceof DataError, `${name}: ${String(error)}`);
        refused++;
      }
      slowest = Math.max(slowest, threadTime() - begun);
    }
  }
  t.true(refused > 500, `${refused} were refused`);
  t.true(slowest < 2000, `${slowest} ms`);
});

test('a changed file of the set is read whole or refused', async (t) => {
  const random = new Philox(seed, 1);
  const path = 'changed';
  const labels = CIFAR10.labels[0] as CifarLabels;
  for (const name of [...BATCHES, ...METAS]) {
    const bytes = await fixture(name);
    for (let i = 0; i < 30; i++) {
      const changed = mutate(bytes, random);
      try {
        if (METAS.includes(name)) t.is(readPythonMeta(path, changed, labels).length, 10);
        else {
          const batch = readPythonBatch(path, changed, CIFAR10, labels);
          t.is(batch.images.length, batch.labels.length * 3072);
          t.true(batch.labels.every((label) => label >= 0 && label < 10));
        }
      } catch (error) {
        t.true(error instanceof DataError && error.message.startsWith(path), String(error));
      }
    }
  }
});

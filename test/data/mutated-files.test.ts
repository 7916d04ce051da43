import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { CnnativeError, datasets } from 'cnnative';
import { readArchive } from '#lib/data/archive/read-archive.js';
import { Philox } from '#lib/util/philox.js';
import { tarOf, zipOf } from '../helpers/archives.js';
import { binary100, python100 } from '../helpers/cifar100-fixtures.js';
import { numpyPath } from '../helpers/numpy-fixtures.js';
import { seed } from '../helpers/seed.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const LABELS = numpyPath('labels.npy');
const MOST_BYTES = 256 * 2 ** 20;

/** Changes bytes, bits and numbers, leaves out, repeats or cuts off pieces: mostly in the first or last 600 bytes. */
function mutate(bytes: Buffer, random: Philox): Buffer {
  let out = Buffer.from(bytes);
  for (let left = 1 + random.nextInt(3); left > 0; left--) {
    const near = random.nextInt(Math.min(out.length, 600));
    const at = [near, out.length - 1 - near, random.nextInt(out.length)][random.nextInt(3)] as number;
    const piece = out.subarray(at, at + 1 + random.nextInt(40));
    const kind = random.nextInt(7);
    if (kind === 0) out[at] = random.nextInt(256);
    else if (kind === 1) out[at] = (out[at] as number) ^ (1 << random.nextInt(8));
    else if (kind === 2) out[at] = 0x30 + random.nextInt(10);
    else if (kind === 3) out = Buffer.concat([out.subarray(0, at), out.subarray(at + piece.length)]);
    else if (kind === 4) out = Buffer.concat([out.subarray(0, at), piece, out.subarray(at)]);
    else if (kind === 5) piece.fill([0, 0xff, 0x39][random.nextInt(3)] as number);
    else if (random.nextInt(4) === 0) out = out.subarray(0, at);
    if (out.length === 0) return out;
  }
  return out;
}

/** Reads changed files: each is an error of ours or a parse, and nothing is written beside. Returns how many were refused. */
async function readAll(
  folder: string,
  original: Buffer,
  times: number,
  random: Philox,
  read: (path: string) => Promise<void>,
  change = mutate,
): Promise<{ refused: number; fault?: string }> {
  const path = join(folder, 'changed');
  let refused = 0;
  for (let i = 0; i < times; i++) {
    const changed = change(original, random);
    await writeFile(path, changed);
    try {
      await read(path);
    } catch (error) {
      if (!(error instanceof CnnativeError))
        return { refused, fault: `${(error as Error).stack}\n${changed.toString('base64')}` };
      refused++;
    }
  }
  const names = await readdir(folder);
  return names.length === 1 ? { refused } : { refused, fault: `written: ${names.join(', ')}` };
}

test.serial('a changed npy or npz file is read or refused', async (t) => {
  t.log(`CNNATIVE_TEST_SEED=${seed}`);
  const random = new Philox(seed, 20);
  const folder = await temporaryFolder(t);
  const isSet = ({ images, labels, shape }: Awaited<ReturnType<typeof datasets.fromNumpy>>) => {
    if (images.length !== (labels?.length ?? 0) * shape.reduce((product, size) => product * size, 1))
      throw new Error('no set');
  };
  let refused = 0;
  for (const name of ['u1', 'big-f4', 'columns-u1', 'little-i8', 'version-2', 'version-3']) {
    const read = async (path: string) =>
      isSet(await datasets.fromNumpy({ images: path, labels: LABELS, layout: 'NHWC' }));
    const result = await readAll(folder, await readFile(numpyPath(`${name}.npy`)), 150, random, read);
    t.is(result.fault, undefined);
    refused += result.refused;
  }
  for (const name of ['stored', 'deflated']) {
    const read = async (file: string) =>
      isSet(await datasets.fromNumpy({ file, images: 'x_train', labels: 'y_train' }));
    const result = await readAll(folder, await readFile(numpyPath(`${name}.npz`)), 150, random, read);
    t.is(result.fault, undefined);
    refused += result.refused;
  }
  t.true(refused > 300 && refused < 1200, `${refused} were refused`);
});

test.serial('a changed archive is read or refused, in bounded memory', async (t) => {
  t.log(`CNNATIVE_TEST_SEED=${seed}`);
  const random = new Philox(seed, 21);
  const folder = await temporaryFolder(t);
  const archives: [Buffer, (bytes: Buffer, random: Philox) => Buffer][] = [
    [tarOf(binary100()), mutate],
    [tarOf(await python100()), mutate],
    [gzipSync(tarOf(binary100())), mutate],
    // Within the gzip, so that what is changed is seen.
    [gzipSync(tarOf(binary100())), (bytes, draw) => gzipSync(mutate(gunzipSync(bytes), draw))],
    [zipOf(binary100()), mutate],
    [zipOf(binary100(), false), mutate],
  ];
  const before = process.memoryUsage().rss;
  let refused = 0;
  for (const [bytes, change] of archives) {
    const one = await readAll(
      folder,
      bytes,
      100,
      random,
      async (dir) => void (await datasets.cifar100({ dir })),
      change,
    );
    t.is(one.fault, undefined);
    const every = async (path: string) => {
      let total = 0;
      for await (const file of readArchive(path, () => 2 ** 20)) total += file.bytes.length;
      if (total > MOST_BYTES) throw new Error('too much');
    };
    const two = await readAll(folder, bytes, 100, random, every, change);
    t.is(two.fault, undefined);
    refused += one.refused + two.refused;
  }
  t.true(refused > 300 && refused < 1200, `${refused} were refused`);
  t.true(process.memoryUsage().rss - before < MOST_BYTES);
});

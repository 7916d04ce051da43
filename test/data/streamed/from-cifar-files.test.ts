import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { DataError, datasets, InvalidArgumentError } from 'cnnative';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

const PIXELS = 3072;

/** Images whose pixels tell their number, labels from 0 to 9. */
function records(first: number, count: number, labelBytes = 1): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, i) => {
      const labels = Buffer.from(labelBytes === 1 ? [(first + i) % 10] : [77, (first + i) % 10]);
      return Buffer.concat([labels, Buffer.alloc(PIXELS, first + i)]);
    }),
  );
}

for (const labelBytes of [1, 2]) {
  test(`files with ${labelBytes} bytes of labels are counted through`, async (t) => {
    const folder = await temporaryFolder(t);
    const files = ['a.bin', 'b.bin', 'c.bin'].map((name) => join(folder, name));
    const sizes = [5, 1, 6];
    let first = 0;
    for (const [i, size] of sizes.entries()) {
      await writeFile(files[i] as string, records(first, size, labelBytes));
      first += size;
    }
    const set = await datasets.fromCifarFiles({ files, labelBytes, classes: 10 });
    t.deepEqual([set.size, set.shape, set.classes], [12, [3, 32, 32], 10]);
    t.deepEqual(
      set.labels,
      Int32Array.from({ length: 12 }, (_, i) => i % 10),
    );
    const wanted = Int32Array.of(11, 0, 5, 5, 4, 6);
    const into = new Uint8Array(wanted.length * PIXELS);
    await set.read(wanted, into);
    t.deepEqual(
      into,
      Uint8Array.from({ length: into.length }, (_, i) => wanted[Math.floor(i / PIXELS)] as number),
    );
    const alone = await datasets.fromCifarFiles({ files: files.slice(0, 1), labelBytes });
    const { images } = await alone.toMemory();
    t.deepEqual(
      images,
      Uint8Array.from({ length: 5 * PIXELS }, (_, i) => Math.floor(i / PIXELS)),
    );
  });
}

test('tells which file is wrong', async (t) => {
  const folder = await temporaryFolder(t);
  const cut = join(folder, 'cut.bin');
  await writeFile(cut, records(0, 2).subarray(1));
  await t.throwsAsync(datasets.fromCifarFiles({ files: [cut] }), {
    instanceOf: DataError,
    message: /cut\.bin: expected a file of a multiple of 3073 bytes .*, received 6145 bytes/,
  });
  await t.throwsAsync(datasets.fromCifarFiles({ files: [folder] }), { message: /received a folder or a device/ });
  await t.throwsAsync(datasets.fromCifarFiles({ files: [join(folder, 'none')] }), { message: /no file of that name/ });
  await t.throwsAsync(datasets.fromCifarFiles({ files: [] }), { instanceOf: InvalidArgumentError });
  const whole = join(folder, 'whole.bin');
  await writeFile(whole, records(0, 12));
  await t.throwsAsync(datasets.fromCifarFiles({ files: [whole], classes: 9 }), {
    message: /expected labels from 0 to 8, received 9 at position 9/,
  });
});

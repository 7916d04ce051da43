import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runChild } from '../../helpers/child.js';
import { idxBytes } from '../../helpers/idx-file.js';
import { png } from '../../helpers/png.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

/** A file or folder for every set that is read from disk, each of one sample whose pixels have one value. */
async function sample(folder: string, value: number): Promise<void> {
  await writeFile(join(folder, 'images'), idxBytes([1, 1, 1], [value]));
  await writeFile(join(folder, 'labels'), idxBytes([1], [0]));
  await writeFile(join(folder, 'cifar'), Buffer.concat([Buffer.of(0), Buffer.alloc(3072, value)]));
  await mkdir(join(folder, 'pictures', 'class'), { recursive: true });
  await writeFile(join(folder, 'pictures', 'class', '1.png'), png(1, 1, 3, Uint8Array.of(value, value, value)));
}

test('relative paths are those of the moment a set is made, wherever the process goes', async (t) => {
  const [folder, elsewhere] = [await temporaryFolder(t), await temporaryFolder(t)];
  await sample(folder, 7);
  await sample(elsewhere, 9);
  // Worker threads, in which tests run, cannot go elsewhere.
  const { code, stdout, stderr } = await runChild('relative-paths', { args: [folder, elsewhere] });
  t.deepEqual([code, stderr], [0, '']);
  t.deepEqual(JSON.parse(stdout), [7, 7, 7, 7]);
});

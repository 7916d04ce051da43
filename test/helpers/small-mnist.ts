import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Dataset, datasets } from 'cnnative';
import { idxBytes } from './idx-file.js';
import { temporaryFolder } from './temporary-folder.js';

/** A folder with the four files of MNIST's form: few images, drawn, so that a training on them takes no time. */
export async function smallMnist(t: ExecutionContext, sizes = { train: 200, test: 50 }): Promise<string> {
  const folder = await temporaryFolder(t);
  const { train, test } = await datasets.digits(sizes);
  await writePart(folder, 'train', train);
  await writePart(folder, 't10k', test);
  return folder;
}

async function writePart(folder: string, name: string, { images, labels, size }: Dataset): Promise<void> {
  await writeFile(join(folder, `${name}-images-idx3-ubyte`), idxBytes([size, 28, 28], images as Uint8Array));
  await writeFile(join(folder, `${name}-labels-idx1-ubyte`), idxBytes([size], Uint8Array.from(labels)));
}

import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelFileError } from '../errors/index.js';
import type { Model } from '../model/model.js';
import { DESCRIPTION } from '../model/model-format.js';
import { makeFolder } from '../util/make-folder.js';

/**
 * Saves a model so that at any moment its folder holds a whole model or none: beside it first. A folder that is there keeps
 * its other files; a model of the same description in it has its weights replaced in one step, another one is gone before.
 *
 * @throws ModelFileError when it cannot be written
 */
export async function saveWhole(who: string, model: Model, folder: string): Promise<void> {
  // The same name each time: what a killed training left is written over, not left for good.
  const beside = `${folder.replace(/[/\\]+$/, '')}.part`;
  try {
    await rm(beside, { recursive: true, force: true });
    await makeFolder(dirname(beside));
    await model.save(beside);
    await ((await isThere(folder)) ? moveFiles(beside, folder) : rename(beside, folder));
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new ModelFileError(
      `${who}: expected a folder that can be written for ${folder}, received ${error.message}.`,
      { cause: error },
    );
  }
}

/** Weights first, so that there is no description without its weights. */
async function moveFiles(from: string, to: string): Promise<void> {
  const [before, after] = await Promise.all([textOf(join(to, DESCRIPTION)), textOf(join(from, DESCRIPTION))]);
  if (before !== after) await rm(join(to, DESCRIPTION), { force: true });
  const others = (await readdir(from)).filter((name) => name !== DESCRIPTION);
  for (const name of [...others, DESCRIPTION]) await rename(join(from, name), join(to, name));
  await rm(from, { recursive: true });
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

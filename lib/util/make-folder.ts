import { mkdirSync, type Stats, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder, and those that it is to lie in. `mkdir` with `recursive` never ends where a system says that a folder does not
 * exist which it does not let be made, as Linux does below `/proc` (nodejs/node#31481).
 *
 * @throws Error of the system unless it is there at last
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  let above = resolve(path);
  while (!(await statsOf(above)) && dirname(above) !== above) {
    missing.unshift(above);
    above = dirname(above);
  }
  if (missing.length === 0) missing.push(above);
  for (const folder of missing) {
    await mkdir(folder).catch(async (error: unknown) => {
      // It was there before, or another process was faster.
      if (!(await statsOf(folder))?.isDirectory()) throw error;
    });
  }
}

/** The same, without a promise. */
export function makeFolderSync(path: string): void {
  const folder = resolve(path);
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeFolderSync(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}

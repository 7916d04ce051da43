import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of all that is below a folder. */
export function folderBytes(folder) {
  return readdirSync(folder, { recursive: true }).reduce((sum, path) => sum + lstatSync(join(folder, path)).size, 0);
}

import { open } from 'node:fs/promises';
import { checkRegularFile } from '../file-chunks.js';
import type { ArchiveFile, Wanted } from './archive-file.js';

/**
 * Reads the wanted files of an archive as it is published, `.tar.gz`, `.tar` or `.zip`, told apart by its first bytes. Files
 * come one by one in the order of the archive, and nothing is written to disk.
 *
 * @throws DataError when the archive is damaged, holds more than is allowed, or names paths outside itself
 */
export async function* readArchive(path: string, wanted: Wanted): AsyncGenerator<ArchiveFile, void, undefined> {
  await checkRegularFile(path);
  const file = await open(path, 'r');
  const start = Buffer.alloc(2);
  try {
    await file.read(start, 0, 2, 0);
  } finally {
    await file.close();
  }
  // Loaded at their first use: most programs read no archives.
  if (start.toString('latin1') === 'PK') yield* (await import('./zip.js')).readZip(path, wanted);
  else yield* (await import('./tar.js')).readTar(path, wanted);
}

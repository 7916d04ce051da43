import { readFile, stat } from 'node:fs/promises';

/**
 * The bytes of a file.
 *
 * @param most refuse larger ones before anything is read
 * @throws Error saying why it cannot be read; also for pipes and devices, which might never end
 */
export async function readRegularFile(path: string, most = Number.POSITIVE_INFINITY): Promise<Buffer<ArrayBuffer>> {
  const stats = await stat(path);
  // Of a folder readFile says what is wrong.
  if (!stats.isFile() && !stats.isDirectory()) throw new Error(`a pipe or a device, ${path}`);
  if (stats.size > most) throw new Error(`a file of ${stats.size} bytes, where at most ${most} make sense`);
  return readFile(path);
}

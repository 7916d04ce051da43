import { DataError } from '../../errors/index.js';

/** More than any of the archives has unpacked: whatever a file claims or unpacks to, reading ends here. */
export const MOST_ARCHIVE_BYTES = 2 ** 30;

/** A file of an archive, in memory. */
export interface ArchiveFile {
  /** Its path in the archive. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Says of a path in an archive how many bytes may be read of it; `undefined` passes over the file. */
export type Wanted = (path: string) => number | undefined;

/** Nothing is ever written, but an archive that would write elsewhere is not one of a data set. */
export function checkPath(archive: string, path: string): void {
  const parts = path.split(/[/\\]/);
  if (!parts.includes('..') && parts[0] !== '' && !/^[a-z]:/i.test(path)) return;
  throw new DataError(
    `${archive}: expected paths within the archive, received ${JSON.stringify(path.slice(0, 100))}. Do not unpack it; fetch ` +
      'the archive from its publisher.',
  );
}

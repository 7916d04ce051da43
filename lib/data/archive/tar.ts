import { Parser, type ReadEntry } from 'tar';
import { DataError } from '../../errors/index.js';
import { openChunks } from '../file-chunks.js';
import { type ArchiveFile, checkPath, MOST_ARCHIVE_BYTES, type Wanted } from './archive-file.js';

/** gzip and zstd in a tar, which the parser would unpack by itself. */
const PACKED = [
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
];

/**
 * Reads the wanted files of a tar archive, plain or gzip, in the order of the archive. Everything happens in memory, of
 * which no more is taken than `wanted` allows for a file.
 *
 * @throws DataError when the archive is damaged or cut short, holds too much, or names paths outside itself
 */
export async function* readTar(path: string, wanted: Wanted): AsyncGenerator<ArchiveFile, void, undefined> {
  const { chunks } = await openChunks(path);
  const parser = new Parser({ strict: true });
  const done: ArchiveFile[] = [];
  let failure: unknown;
  parser.on('error', (error: unknown) => {
    failure ??= error;
  });
  parser.on('entry', (entry: ReadEntry) => {
    try {
      collect(path, entry, wanted, done);
    } catch (error) {
      failure ??= error;
      entry.resume();
    }
  });
  const check = () => {
    if (failure !== undefined) throw damaged(path, failure);
  };
  let total = 0;
  for await (const chunk of fromLongStart(chunks)) {
    if (total === 0 && PACKED.some((start) => start.every((byte, i) => chunk[i] === byte))) {
      throw damaged(path, new Error('an archive packed twice'));
    }
    total += chunk.length;
    if (total > MOST_ARCHIVE_BYTES) throw damaged(path, new Error(`more than ${MOST_ARCHIVE_BYTES} bytes unpacked`));
    write(parser, chunk);
    check();
    yield* done.splice(0);
  }
  parser.end();
  check();
  yield* done.splice(0);
}

/** The same bytes; the first chunk is long enough to tell what they are. What unpacks may give a single byte first. */
async function* fromLongStart(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const enough = Math.max(...PACKED.map((start) => start.length));
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of chunks) {
    if (!start) {
      yield chunk;
    } else {
      start = Buffer.concat([start, chunk]);
      if (start.length < enough) continue;
      yield start;
      start = undefined;
    }
  }
  if (start) yield start;
}

function write(parser: Parser, chunk: Uint8Array): void {
  // Entries are consumed as they come, so there is nothing to wait for.
  parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
}

function collect(path: string, entry: ReadEntry, wanted: Wanted, done: ArchiveFile[]): void {
  checkPath(path, entry.path);
  const isFile = entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'ContiguousFile';
  const most = isFile ? wanted(entry.path) : undefined;
  if (most === undefined) {
    // Folders, links, devices, and files nobody asked for.
    entry.resume();
    return;
  }
  const { size } = entry;
  if (size > most) {
    throw new DataError(
      `${path}: expected at most ${most} bytes for ${entry.path}, received ${size}. Is this the right archive?`,
    );
  }
  const parts: Buffer[] = [];
  entry.on('data', (part: Buffer) => parts.push(part));
  entry.on('end', () => done.push({ path: entry.path, bytes: Buffer.concat(parts) }));
}

function damaged(path: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new DataError(
    `${path}: expected a whole tar archive, plain or gzip, received this fault: ${reason}. The file is damaged, was cut ` +
      'short or is of another kind: fetch it again.',
    { cause: error },
  );
}

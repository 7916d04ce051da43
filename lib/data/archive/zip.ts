import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl';
import { DataError } from '../../errors/index.js';
import { crc32 } from '../../util/crc32.js';
import { ByteReader } from '../byte-reader.js';
import type { ChunkedFile } from '../file-chunks.js';
import { checkRegularFile } from '../file-chunks.js';
import { type ArchiveFile, checkPath, MOST_ARCHIVE_BYTES, type Wanted } from './archive-file.js';
import { ZipSource } from './zip-source.js';

const MOST_ENTRIES = 100_000;
/** Deflate turns at most 1032 bytes into one. */
const LARGEST_RATIO = 1032;

/** A zip file opened for reading: what it holds, and the bytes of it. */
export class Zip {
  readonly path: string;
  readonly #file: ZipFile;
  /** By path in the archive. */
  readonly #entries = new Map<string, Entry>();

  private constructor(path: string, file: ZipFile) {
    this.path = path;
    this.#file = file;
  }

  /** @throws DataError when it is no zip file, or one with paths outside itself */
  static async open(path: string): Promise<Zip> {
    await checkRegularFile(path);
    let source: ZipSource | undefined;
    let zip: Zip | undefined;
    try {
      source = new ZipSource(path);
      const options = { lazyEntries: true, autoClose: false, strictFileNames: true };
      zip = new Zip(path, await fromRandomAccessReaderPromise(source, source.size, options));
      for await (const entry of zip.#file.eachEntry()) zip.#add(entry);
      return zip;
    } catch (error) {
      if (zip) zip.close();
      else source?.close(() => undefined);
      throw damaged(path, error);
    }
  }

  /** Paths of the files, in the order of the archive. */
  get paths(): string[] {
    return [...this.#entries.keys()];
  }

  close(): void {
    this.#file.close();
  }

  /** A file of the archive as one that is read in chunks; its checksum is verified at the end. */
  file(entryPath: string): ChunkedFile {
    const entry = this.#entries.get(entryPath) as Entry;
    const path = `${this.path}, ${entryPath}`;
    // Neither of the two sizes is to be believed alone.
    const mostBytes = Math.min(entry.uncompressedSize, entry.compressedSize * LARGEST_RATIO);
    return { path, gzip: false, mostBytes, chunks: this.#chunks(path, entry) };
  }

  #add(entry: Entry): void {
    const path = entry.fileName;
    checkPath(this.path, path);
    if (path.endsWith('/')) return;
    if (this.#entries.has(path)) throw new Error(`two files named ${path.slice(0, 100)}`);
    if (this.#entries.size === MOST_ENTRIES) throw new Error(`more than ${MOST_ENTRIES} files`);
    this.#entries.set(path, entry);
  }

  async *#chunks(path: string, entry: Entry): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      const stream = await this.#file.openReadStreamPromise(entry);
      let sum = 0;
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
      if (sum !== entry.crc32) throw new Error('a wrong checksum (CRC-32)');
    } catch (error) {
      throw damaged(path, error);
    }
  }
}

/** Reads the wanted files of a zip archive; like `readTar`. */
export async function* readZip(path: string, wanted: Wanted): AsyncGenerator<ArchiveFile, void, undefined> {
  const zip = await Zip.open(path);
  try {
    let total = 0;
    for (const entryPath of zip.paths) {
      const most = wanted(entryPath);
      if (most === undefined) continue;
      const file = zip.file(entryPath);
      if (file.mostBytes > most) {
        throw new DataError(
          `${file.path}: expected at most ${most} bytes, received ${file.mostBytes}. Is this the right archive?`,
        );
      }
      total += file.mostBytes;
      if (total > MOST_ARCHIVE_BYTES) throw damaged(path, new Error(`more than ${MOST_ARCHIVE_BYTES} bytes unpacked`));
      yield { path: entryPath, bytes: await readAll(file) };
    }
  } finally {
    zip.close();
  }
}

async function readAll(file: ChunkedFile): Promise<Uint8Array> {
  const reader = new ByteReader(file);
  try {
    const bytes = await reader.read(file.mostBytes);
    // Reading past the end verifies the checksum.
    await reader.read(1);
    return bytes;
  } finally {
    await reader.close();
  }
}

function damaged(path: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new DataError(
    `${path}: expected a whole zip file, received this fault: ${reason}. The file is damaged, was cut short or is of ` +
      'another kind: fetch it again.',
    { cause: error },
  );
}

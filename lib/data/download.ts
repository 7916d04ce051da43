import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../util/make-folder.js';
import { onAbort } from '../util/on-abort.js';
import { MissingSetError, type Ways } from './missing-set-error.js';
import { checkPublished, type PublishedArchive, type PublishedFile } from './published-file.js';

const STALL_MILLISECONDS = 30_000;
/** What a download writes is younger. */
const STALE_MILLISECONDS = 24 * 60 * 60 * 1000;
/** A gzip file is never much longer than what it holds; a body longer than that is not our file. */
const PACKING_OVERHEAD = 64 * 1024;

/** How far a download is. */
export interface DownloadProgress {
  /** Name of the file being downloaded. */
  readonly file: string;
  /** Where it comes from. */
  readonly url: string;
  readonly receivedBytes: number;
  /** Absent when the server does not tell. */
  readonly totalBytes?: number;
}

export interface DownloadOptions {
  /** Who asks, for messages. */
  readonly who: string;
  /** Base addresses, asked in turn until one gives the right file. */
  readonly mirrors: readonly string[];
  /** What a user without a working network can do instead, for messages. */
  readonly wayOut: (ways: Ways) => string;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Give a mirror up when it sends nothing for so long.
   * @default 30000
   */
  readonly stallMilliseconds?: number;
}

/** What one mirror did wrong; the next one may do better. */
class MirrorFailure extends Error {}

/**
 * Downloads a file into a folder. The file appears there complete and verified or not at all, also when several
 * processes download it at once: each writes beside, under a name of its own, and renames.
 *
 * @returns the path of the file
 * @throws DataError when no mirror gives the right file, or the folder cannot be written
 */
export async function download(
  file: PublishedFile | PublishedArchive,
  folder: string,
  options: DownloadOptions,
): Promise<string> {
  const path = join(folder, file.name);
  const temporary = join(folder, `.${file.name}.${randomUUID()}.part`);
  const failures: string[] = [];
  await writing(options, folder, () => makeFolder(folder));
  await removeStale(folder, file.name);
  for (const mirror of options.mirrors) {
    const url = addressOf(file.name, mirror);
    try {
      await receive(url, temporary, file, options);
      await verify(temporary, file);
      await writing(options, path, () => rename(temporary, path));
      return path;
    } catch (error) {
      await rm(temporary, { force: true });
      if (!(error instanceof MirrorFailure)) throw error;
      failures.push(`${url}: ${error.message}`);
    }
  }
  throw new MissingSetError(
    (ways) =>
      `${options.who}: expected to download ${file.name}, received ${failures.join('; ')}. ${options.wayOut(ways)}`,
  );
}

/** Removes what a process that was killed left half written; others may be at work on theirs. */
async function removeStale(folder: string, name: string): Promise<void> {
  const begin = `.${name}.`;
  const { length } = `${begin}${randomUUID()}.part`;
  const parts = (await readdir(folder).catch((): string[] => [])).filter(
    (part) => part.startsWith(begin) && part.endsWith('.part') && part.length === length,
  );
  for (const part of parts) {
    const path = join(folder, part);
    const written = await stat(path).catch(() => undefined);
    if (written && Date.now() - written.mtimeMs > STALE_MILLISECONDS) {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }
}

/** Of a file below a base address, whose query stays. */
function addressOf(name: string, mirror: string): string {
  const base = new URL(mirror);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const address = new URL(name, base);
  address.search = base.search;
  return address.href;
}

async function receive(
  url: string,
  path: string,
  file: PublishedFile | PublishedArchive,
  options: DownloadOptions,
): Promise<void> {
  const [mostBytes, limit] =
    'md5' in file
      ? [file.mostBytes, `${file.mostBytes} bytes an archive of this name may have`]
      : [file.unpackedBytes + PACKING_OVERHEAD, `${file.unpackedBytes} bytes the file has unpacked`];
  const { signal, onProgress, stallMilliseconds = STALL_MILLISECONDS } = options;
  signal?.throwIfAborted();
  const target = await writing(options, path, () => open(path, 'wx'));
  const connection = new AbortController();
  const endWaiting = signal && onAbort(signal, () => connection.abort(signal.reason));
  const stall = new MirrorFailure(`nothing received for ${stallMilliseconds / 1000} s`);
  const timer = setTimeout(() => connection.abort(stall), stallMilliseconds);
  try {
    const { body, totalBytes } = await request(url, connection.signal);
    let receivedBytes = 0;
    for await (const chunk of received(body, connection.signal)) {
      timer.refresh();
      receivedBytes += chunk.length;
      if (receivedBytes > mostBytes) throw new MirrorFailure(`more than the ${limit}`);
      await writing(options, path, () => target.writeFile(chunk));
      onProgress?.({ file: file.name, url, receivedBytes, ...(totalBytes !== undefined && { totalBytes }) });
    }
    if (totalBytes !== undefined && receivedBytes !== totalBytes) {
      throw new MirrorFailure(`${receivedBytes} bytes of the ${totalBytes} announced`);
    }
    await writing(options, path, () => target.sync());
  } catch (error) {
    // The caller's own abort is passed on as it is, whatever broke because of it.
    signal?.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    endWaiting?.();
    connection.abort();
    await target.close();
  }
}

async function request(
  url: string,
  signal: AbortSignal,
): Promise<{ body: AsyncIterable<Uint8Array>; totalBytes: number | undefined }> {
  // As it lies on the server: what is sent as an encoding of its content, fetch would unpack.
  const headers = { 'accept-encoding': 'identity' };
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    throw toMirrorFailure(error);
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel().catch(() => undefined);
    throw new MirrorFailure(`HTTP status ${response.status} ${response.statusText}`.trim());
  }
  const length = response.headers.get('content-length');
  // With a content encoding the length is that of the encoded body, which fetch has already decoded.
  const counts = length !== null && response.headers.get('content-encoding') === null;
  return { body: response.body, totalBytes: counts ? Number(length) : undefined };
}

async function* received(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw toMirrorFailure(signal.aborted ? signal.reason : error);
  }
}

function toMirrorFailure(error: unknown): MirrorFailure {
  if (error instanceof MirrorFailure) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { message, code } = cause as NodeJS.ErrnoException;
  return new MirrorFailure(message || code || 'the connection broke');
}

async function verify(path: string, file: PublishedFile | PublishedArchive): Promise<void> {
  const fault = await checkPublished(path, file);
  if (fault !== undefined) throw new MirrorFailure(fault);
}

/** Turns failures of this machine's disk into an error of their own: another mirror would not help. */
async function writing<T>(options: DownloadOptions, path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MissingSetError(
      (ways) =>
        `${options.who}: expected to write ${path}, received ${reason}. Free some space or choose another cache folder ` +
        `(XDG_CACHE_HOME; on Windows LOCALAPPDATA). ${options.wayOut(ways)}`,
      { cause: error },
    );
  }
}

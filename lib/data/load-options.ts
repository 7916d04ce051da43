import { InvalidArgumentError } from '../errors/index.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type { DownloadProgress } from './download.js';

/** How a set that can be downloaded is found. */
export interface DownloadedSetOptions {
  /** Called while files are downloaded. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /**
   * Addresses to download from, in turn, in place of the publishers'. The files' checksums are verified all the same.
   */
  mirrors?: readonly string[] | undefined;
  /** Stops a download, and the reading of files between two of them; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** @throws InvalidArgumentError for options that are unknown, or of those of all such sets not what they should be */
export function checkLoadOptions(who: string, options: object, own: readonly string[]): void {
  checkOptions(who, options, ['dir', ...own, 'onProgress', 'mirrors', 'signal']);
  const { dir, onProgress, mirrors, signal } = options as Record<string, unknown>;
  const reject = (expected: string, name: string, received: unknown) => {
    throw new InvalidArgumentError(`${who}: expected ${expected} for ${name}, received ${describe(received)}.`);
  };
  if (dir !== undefined && (typeof dir !== 'string' || dir === '')) reject('the path of a folder', 'dir', dir);
  if (onProgress !== undefined && typeof onProgress !== 'function') reject('a function', 'onProgress', onProgress);
  if (signal !== undefined && !(signal instanceof AbortSignal)) reject('an AbortSignal', 'signal', signal);
  if (mirrors !== undefined && !(Array.isArray(mirrors) && mirrors.length > 0 && mirrors.every(isWebAddress))) {
    reject('a non-empty array of http or https addresses', 'mirrors', mirrors);
  }
}

function isWebAddress(text: unknown): boolean {
  return typeof text === 'string' && /^https?:\/\//.test(text) && URL.canParse(text);
}

import { NativeLoadError } from '../errors/index.js';
import { describePlatform, type Platform } from './platform.js';

/** A file that was tried, and why it is not the addon. */
export interface Failure {
  readonly path: string;
  /** `null` when there is no such file. */
  readonly error: Error | null;
}

/** What nothing could be loaded means for the user: what was tried, why it failed, and the way out. */
export function loadFailure(platform: Platform, failures: readonly Failure[]): NativeLoadError {
  const tried = failures.map(({ path, error }) => `  ${path}: ${error === null ? 'missing' : reasonOf(error, path)}`);
  const cause = failures.find(({ error }) => error !== null)?.error;
  return new NativeLoadError(
    [
      `cnnative: expected a native binary for ${describePlatform(platform)} that Node ${process.versions.node} can load, tried`,
      ...tried,
      'Build it from source, with a C++17 compiler, make and python3 installed: in the folder of your project, run',
      '  npm rebuild cnnative --ignore-scripts=false --foreground-scripts',
      'If scripts of packages are held back, allow this one first: "npm approve-scripts cnnative", "pnpm approve-builds", or',
      '"dependenciesMeta": { "cnnative": { "built": true } } in package.json for yarn.',
      'If node_modules was copied from another platform, install there anew instead.',
    ].join('\n'),
    cause === undefined || cause === null ? undefined : { cause },
  );
}

/** A linker's message without the path, which is said already. */
function reasonOf(error: Error, path: string): string {
  return `cannot be loaded: ${error.message.replace(`${path}: `, '').trim()}`;
}

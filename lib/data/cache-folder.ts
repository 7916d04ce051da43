import { homedir, tmpdir } from 'node:os';
import { posix, win32 } from 'node:path';

interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `undefined`: none, such as of a user whom the system does not know. */
  readonly home: string | undefined;
}

/**
 * The folder in which this user's downloads are kept: `%LOCALAPPDATA%\cnnative` on Windows; elsewhere
 * `$XDG_CACHE_HOME/cnnative` where that is set, else `~/Library/Caches/cnnative` on macOS and `~/.cache/cnnative`; for a user
 * without a home in the folder for temporary files.
 */
export function cacheFolder(machine: Machine = thisMachine()): string {
  const { platform, env, home } = machine;
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA || (home === undefined ? tmpdir() : win32.join(home, 'AppData', 'Local'));
    return win32.join(local, 'cnnative');
  }
  // The XDG specification: relative paths are invalid and to be ignored.
  if (env.XDG_CACHE_HOME && posix.isAbsolute(env.XDG_CACHE_HOME)) return posix.join(env.XDG_CACHE_HOME, 'cnnative');
  if (home === undefined) return posix.join(tmpdir(), 'cnnative');
  return platform === 'darwin'
    ? posix.join(home, 'Library', 'Caches', 'cnnative')
    : posix.join(home, '.cache', 'cnnative');
}

function thisMachine(): Machine {
  return { platform: process.platform, env: process.env, home: home() };
}

function home(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

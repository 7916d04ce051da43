import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { packageFolder } from '../util/package-folder.js';
import { candidates } from './candidates.js';
import { type Failure, loadFailure } from './load-failure.js';
import { thisPlatform } from './platform.js';
import type { Native } from './types.js';

/**
 * Loads the addon: the one built in place, or the prebuilt binary of this platform. `CNNATIVE_PREBUILD` names another folder to
 * look in, as node-gyp-build has it.
 *
 * @throws NativeLoadError when there is none that works; it names every file tried
 */
export function loadNative(): Native {
  const require = createRequire(import.meta.url);
  const root = process.env.CNNATIVE_PREBUILD || packageFolder();
  const platform = thisPlatform();
  const failures: Failure[] = [];
  for (const path of candidates(root, platform)) {
    if (!existsSync(path)) {
      failures.push({ path, error: null });
      continue;
    }
    try {
      return withShortSpin(() => require(path) as Native);
    } catch (error) {
      failures.push({ path, error: error as Error });
    }
  }
  throw loadFailure(platform, failures);
}

/**
 * Idle threads of an OpenMP team spin before they sleep. The default burns a core for milliseconds after each step; this
 * count keeps the quick wake-up between two calls. libgomp reads it once, when the addon brings it in.
 */
function withShortSpin<T>(load: () => T): T {
  const isOurs = process.env.GOMP_SPINCOUNT === undefined && process.env.OMP_WAIT_POLICY === undefined;
  if (isOurs) process.env.GOMP_SPINCOUNT = '10000';
  try {
    return load();
  } finally {
    if (isOurs) delete process.env.GOMP_SPINCOUNT;
  }
}

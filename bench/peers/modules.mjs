// Node packages that are peers: no dependencies of ours, so they are looked for where a user may have installed them.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** Entry file and version of a package found from the current folder or from CNNATIVE_BENCH_MODULES, or `undefined`. */
export function findModule(name) {
  for (const folder of [process.cwd(), process.env.CNNATIVE_BENCH_MODULES]) {
    if (!folder) continue;
    try {
      const entry = createRequire(resolve(folder, 'bench.js')).resolve(name);
      return { entry, version: versionOf(dirname(entry)) };
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

function versionOf(folder) {
  const path = join(folder, 'package.json');
  const { version } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  return version ?? versionOf(dirname(folder));
}

import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** The top folder of this package, wherever the module that asks has been bundled to. */
export function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('cnnative/package.json'));
}

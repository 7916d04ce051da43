import { join } from 'node:path';
import type { Platform } from './platform.js';

/**
 * Where the addon may be, best first: what was built in place, then what the package brought along. The names are those
 * that node-gyp-build knows, which decides at installation whether anything must be built.
 *
 * @param root the folder of the package
 */
export function candidates(root: string, { os, arch, libc }: Platform): string[] {
  const name = libc === null ? 'cnnative.node' : `cnnative.${libc}.node`;
  return [join(root, 'build', 'Release', 'cnnative.node'), join(root, 'prebuilds', `${os}-${arch}`, name)];
}

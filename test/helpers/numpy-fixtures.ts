import { join } from 'node:path';
import { packageRoot } from './cli.js';

/** Where a file that numpy wrote lies. */
export function numpyPath(name: string): string {
  return join(packageRoot, 'test', 'fixtures', 'numpy', name);
}

export const NUMPY_SHAPE = [2, 3, 4, 5] as const;
/** Items of the arrays, rows first, by the formula of tools/fixtures/numpy_files.py. */
export const NUMPY_VALUES = Array.from({ length: 120 }, (_, i) => (7 * i + 3) % 101);

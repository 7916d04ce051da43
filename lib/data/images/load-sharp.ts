import type { default as Sharp } from 'sharp';
import { DataError } from '../../errors/index.js';

/**
 * The package sharp, which decodes, resizes and encodes pictures. An optional peer dependency, loaded at its first use: whoever
 * works with arrays alone does not need it.
 *
 * @throws DataError when it is not installed, or cannot be loaded
 */
export async function loadSharp(who: string, load = () => import('sharp')): Promise<typeof Sharp> {
  try {
    return (await load()).default;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const received = code === 'ERR_MODULE_NOT_FOUND' ? 'none that is installed' : `one that fails to load: ${message}`;
    throw new DataError(
      `${who}: expected the package sharp, which reads and writes pictures, received ${received}. Install it in your ` +
        'project: npm install sharp.',
      { cause: error },
    );
  }
}

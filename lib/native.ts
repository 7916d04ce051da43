import { loadNative } from './native/load.js';
import type { Native } from './native/types.js';

export type * from './native/types.js';

/** The addon, loaded when this module is: nothing works without it. */
export const native: Native = loadNative();

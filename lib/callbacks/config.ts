import type { Callback } from './callback.js';

/** A callback as plain data. */
export interface CallbackConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** One of `callbacks` as plain data, for `fit`: `{ type: 'earlyStopping', patience: 3 }`, without functions of its own. */
export type DescribedCallback = CallbackConfig & { readonly [Name in keyof Callback]?: never };

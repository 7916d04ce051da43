/** A callback as plain data. */
export interface CallbackConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** Names of the ready-made networks. Apart from the networks, so that the command line can list them without native code. */
export const MODEL_NAMES = ['lenet5'] as const;

export type ModelName = (typeof MODEL_NAMES)[number];

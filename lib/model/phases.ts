/** What runs can do: training steps, or predictions. Without native code, so that the command line can list them at once. */
export const PHASES = ['train', 'infer'] as const;

/** What a model is asked to do: take steps of training, or predict. */
export type Phase = (typeof PHASES)[number];

/** The mode of the program that a phase runs. */
export function modeOf(phase: Phase): 'train' | 'predict' {
  return phase === 'train' ? 'train' : 'predict';
}

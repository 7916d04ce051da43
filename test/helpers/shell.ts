/** The command that runs a script, without what is preloaded: the thread sanitizer's runtime is more than some shells survive. */
export const shell = (script: string) => ['env', '-u', 'LD_PRELOAD', 'sh', '-c', script];

/** A command within such a script, with what is preloaded here. */
export const inShell = (words: readonly string[]) =>
  `env LD_PRELOAD='${process.env.LD_PRELOAD ?? ''}' ${words.map((word) => `'${word}'`).join(' ')}`;

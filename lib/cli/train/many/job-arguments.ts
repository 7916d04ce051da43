import type { Config } from '../../../config/config.js';
import { chooseThreads } from '../../../machine/threads.js';
import type { TrainFlags } from '../flags.js';

/**
 * Arguments of a run's command. Threads are shared out evenly unless something says how many.
 *
 * @param config of the run with its flags, if it could be read
 * @param runs at a time
 */
export function jobArguments(flags: TrainFlags, config: Config | undefined, runs: number): string[] {
  const threads = Math.max(1, Math.floor(chooseThreads().threads / runs));
  // `{ batchSize: 64 }` as `--batch-size 64`.
  const given = Object.entries(flags).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    `${value}`,
  ]);
  return [...given, ...(config?.threads === undefined ? ['--threads', `${threads}`] : [])];
}

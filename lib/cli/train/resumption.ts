import { isDeepStrictEqual } from 'node:util';
import type { Config, PartConfig } from '../../config/config.js';
import { InvalidArgumentError } from '../../errors/index.js';
import type { SamplingOptions } from '../../model/sampling.js';
import { describe } from '../../util/describe.js';

/** What decides the steps of a run: changed, the rest of it would be another run's. Epochs may be added, threads may differ. */
const DECISIVE = ['model', 'optimizer', 'loss', 'augment', 'seed'] as const;
const DECISIVE_TRAINING = ['batchSize', 'shuffle', 'sampling', 'stepsPerEpoch', 'lastBatch'] as const;
/** What is the same said and unsaid. */
const DEFAULTS: SamplingOptions = { shuffle: true, sampling: 'shuffle', lastBatch: 'keep' };

/** @throws InvalidArgumentError, which names the place, where a run was begun with something else that matters */
export function checkSameRun(folder: string, begun: Config, wanted: Config): void {
  compare(folder, 'data', withoutPlace(begun.data), withoutPlace(wanted.data));
  for (const name of DECISIVE) compare(folder, name, begun[name], wanted[name]);
  const [before, now] = [begun, wanted].map(({ training }) => ({ ...DEFAULTS, ...training }));
  for (const name of DECISIVE_TRAINING) compare(folder, `training.${name}`, before?.[name], now?.[name]);
}

/** A folder may have been moved since. */
function withoutPlace({ dir, ...data }: PartConfig): PartConfig {
  return data as PartConfig;
}

function compare(folder: string, path: string, before: unknown, now: unknown): void {
  if (isDeepStrictEqual(before, now)) return;
  const [expected, received] = [before, now].map((value) =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : describe(value),
  );
  throw new InvalidArgumentError(
    `${path}: expected ${expected}, with which the run in ${folder} was begun, received ${received}. Leave it as it was, ` +
      'or begin another run.',
  );
}

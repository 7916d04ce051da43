import { join } from 'node:path';
import { type Config, resolveConfig } from '../../../config/config.js';
import { InvalidArgumentError } from '../../../errors/index.js';
import type { TrainArguments } from '../command.js';
import { withFlags } from '../flags.js';
import { namedConfig } from '../plan.js';
import type { PlannedJob } from './job.js';
import { jobArguments } from './job-arguments.js';

/**
 * A run for each seed, in `OUT/seed-N` where there is a folder for them.
 *
 * @throws InvalidArgumentError when the configuration is none, for all of them would fail, or has all of them write the same file
 */
export async function planSeeds(options: TrainArguments): Promise<PlannedJob[]> {
  const { configs, recipe, flags, jobs = 1, seeds = 1 } = options;
  const config = resolveConfig(withFlags((await namedConfig(options)) ?? {}, flags));
  checkNoFiles(config);
  const { seed: _seed, out: _out, ...others } = flags;
  const last = typeof seeds === 'number' ? config.seed + seeds - 1 : 0;
  if (!Number.isSafeInteger(last)) {
    throw new InvalidArgumentError(
      `--seeds: expected seeds up to ${Number.MAX_SAFE_INTEGER}, received ${seeds} from --seed ${config.seed} on. Begin with a smaller --seed.`,
    );
  }
  const list = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => config.seed + i) : seeds;
  return list.map((seed) => {
    const name = `seed-${seed}`;
    return {
      name,
      source: recipe === undefined ? ['--', ...configs] : ['--recipe', recipe],
      ...(config.out !== undefined && { folder: join(config.out, name) }),
      args: ['--seed', `${seed}`, ...jobArguments(others, config, Math.min(jobs, list.length))],
      epochs: config.training.epochs,
    };
  });
}

/** Files of callbacks have one place, whatever the seed. */
function checkNoFiles({ callbacks = [] }: Config): void {
  for (const [i, callback] of callbacks.entries()) {
    const name = ['path', 'logDir'].find((option) => callback[option] !== undefined);
    if (name === undefined) continue;
    throw new InvalidArgumentError(
      `callbacks[${i}].${name}: expected no file that every seed would write, received ${JSON.stringify(callback[name])}. Leave it ` +
        'out: with --out each seed has a folder with metrics.jsonl.',
    );
  }
}

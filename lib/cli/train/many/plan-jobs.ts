import { basename, extname, join, resolve } from 'node:path';
import { type Config, resolveConfig } from '../../../config/config.js';
import { UsageError } from '../../errors.js';
import { readConfigFile } from '../../read-config-file.js';
import type { TrainArguments } from '../command.js';
import { type TrainFlags, withFlags } from '../flags.js';
import type { PlannedJob } from './job.js';
import { jobArguments } from './job-arguments.js';

/**
 * The runs of several configurations, each with a folder of its own. What is wrong with a configuration comes out when it is
 * its turn, and stops no other.
 */
export async function planJobs({ configs, flags, jobs = 1 }: TrainArguments): Promise<PlannedJob[]> {
  const { out, ...others } = flags;
  const planned: PlannedJob[] = [];
  for (const path of configs) {
    const config = await configAt(path, others);
    const name = config?.name ?? basename(path, extname(path));
    if (/^\.+$/.test(name)) {
      throw new UsageError(`${path}: expected a name for the run's folder, received '${name}'. Rename the file.`);
    }
    const again = planned.find((job) => job.name === name);
    if (again) {
      throw new UsageError(
        `${path}: expected a name for each run, received '${name}', which ${again.source.at(-1)} has. Add "name" to one of them.`,
      );
    }
    const folder = out === undefined ? (config?.out ?? join('runs', name)) : join(out, name);
    const other = planned.find((job) => resolve(job.folder ?? '') === resolve(folder));
    if (other) {
      throw new UsageError(
        `${path}: expected a folder for each run, received "out": '${folder}', which ${other.source.at(-1)} has. Give one of them another.`,
      );
    }
    planned.push({
      name,
      source: ['--', path],
      folder,
      args: jobArguments(others, config, Math.min(jobs, configs.length)),
      epochs: config?.training.epochs ?? 0,
    });
  }
  return planned;
}

async function configAt(path: string, flags: TrainFlags): Promise<Config | undefined> {
  try {
    return resolveConfig(withFlags(await readConfigFile(path), flags));
  } catch {
    return undefined; // the run itself says why
  }
}

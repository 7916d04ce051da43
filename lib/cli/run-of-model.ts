import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Config, resolveConfig } from '../config/config.js';
import { DESCRIPTION, RUN_BEST, RUN_MODEL } from '../model/model-format.js';
import { RunFolder } from './train/run-folder.js';

/** A run of `cnnative train`, by what its folder says. */
export interface Run {
  /** Path of its configuration. */
  readonly path: string;
  readonly config: Config;
}

/**
 * The run that a model comes from, which is given by the run's folder or by `model` or `best` in it; none of a model that was
 * saved elsewhere.
 *
 * @throws InvalidArgumentError when the run's configuration is damaged
 */
export async function runOfModel(folder: string): Promise<Run | undefined> {
  const own = resolve(folder);
  const isModel = existsSync(join(own, DESCRIPTION));
  if (isModel && basename(own) !== RUN_MODEL && basename(own) !== RUN_BEST) return undefined;
  const run = new RunFolder(isModel ? dirname(own) : own);
  if (!existsSync(run.configPath)) return undefined;
  return { path: run.configPath, config: resolveConfig(await run.config('<model>')) };
}

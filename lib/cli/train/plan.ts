import { resolve } from 'node:path';
import { type Config, type GivenConfig, resolveConfig } from '../../config/config.js';
import { recipeConfig } from '../../recipes/files.js';
import { readConfigFile } from '../read-config-file.js';
import type { TrainArguments } from './command.js';
import { withFlags } from './flags.js';
import { checkSameRun } from './resumption.js';
import { RunFolder } from './run-folder.js';

/** One run to do. */
export interface TrainPlan {
  readonly config: Config;
  readonly folder: RunFolder | undefined;
  /** Whether the run in the folder goes on. */
  readonly resume: boolean;
  /** Who says where the data is. */
  readonly whereData: '--data' | 'data.dir';
}

/** The configuration that arguments with at most one name, as a user wrote it. */
export async function namedConfig({ configs: [path], recipe }: TrainArguments): Promise<GivenConfig | undefined> {
  if (recipe !== undefined) return recipeConfig(recipe);
  return path === undefined ? undefined : await readConfigFile(path);
}

/** What arguments with at most one configuration ask for. Folders are made later. */
export async function planTraining(options: TrainArguments): Promise<TrainPlan> {
  const { flags, resume, configs } = options;
  const named = await namedConfig(options);
  const saysConfig = flags.data === undefined && (configs.length > 0 || resume !== undefined);
  const whereData = saysConfig ? 'data.dir' : '--data';
  if (resume === undefined) {
    const config = resolveConfig(withFlags(named ?? {}, flags));
    return {
      config,
      folder: config.out === undefined ? undefined : new RunFolder(config.out),
      resume: false,
      whereData,
    };
  }
  const folder = new RunFolder(resume);
  const begun: GivenConfig = await folder.config('--resume');
  const wanted = withFlags(named ?? begun, flags);
  const config = { ...resolveConfig(wanted), out: resolve(resume) };
  checkSameRun(resume, resolveConfig(begun), config);
  return { config, folder, resume: true, whereData };
}

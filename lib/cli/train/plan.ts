import { resolve } from 'node:path';
import { type Config, type GivenConfig, resolveConfig } from '../../config/config.js';
import { readConfig } from '../../config/read-config.js';
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

/** What arguments with at most one configuration ask for. Folders are made later. */
export async function planTraining({ configs, flags, resume }: TrainArguments): Promise<TrainPlan> {
  const [path] = configs;
  const saysConfig = flags.data === undefined && (path !== undefined || resume !== undefined);
  const whereData = saysConfig ? 'data.dir' : '--data';
  if (resume === undefined) {
    const config = resolveConfig(withFlags(path === undefined ? {} : await readConfig(path), flags));
    return {
      config,
      folder: config.out === undefined ? undefined : new RunFolder(config.out),
      resume: false,
      whereData,
    };
  }
  const folder = new RunFolder(resume);
  const begun: GivenConfig = await folder.config('--resume');
  const wanted = withFlags(path === undefined ? begun : await readConfig(path), flags);
  const config = { ...resolveConfig(wanted), out: resolve(resume) };
  checkSameRun(resume, resolveConfig(begun), config);
  return { config, folder, resume: true, whereData };
}

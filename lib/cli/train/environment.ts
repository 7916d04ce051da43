import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import { version } from '../../machine/version.js';

/** Where and how a run was made: `environment.json`. */
export interface Environment {
  readonly cnnative: string;
  readonly node: string;
  /** Such as `linux x64`. */
  readonly platform: string;
  readonly cpu: string;
  readonly isa: string;
  readonly threads: number;
  /** Of the folder that the command was given in; `-dirty` behind it where files differ from it. */
  readonly gitCommit?: string;
  readonly command: readonly string[];
  /** ISO 8601, UTC. */
  readonly begun: string;
}

export async function environmentOf({ isa, threads }: { isa: string; threads: number }): Promise<Environment> {
  const gitCommit = await commitHere();
  return {
    cnnative: version(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    isa,
    threads,
    ...(gitCommit !== undefined && { gitCommit }),
    command: ['cnnative', ...process.argv.slice(2)],
    begun: new Date().toISOString(),
  };
}

/** None outside a repository, or without git. */
async function commitHere(): Promise<string | undefined> {
  const git = (...args: string[]) => promisify(execFile)('git', args, { timeout: 5000 });
  try {
    const commit = (await git('rev-parse', 'HEAD')).stdout.trim();
    const changes = (await git('status', '--porcelain', '--untracked-files=no')).stdout;
    return changes === '' ? commit : `${commit}-dirty`;
  } catch {
    return undefined;
  }
}

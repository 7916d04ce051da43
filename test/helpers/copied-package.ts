import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Ended, PATIENCE } from './child.js';
import { packageRoot } from './cli.js';

const { dependencies } = createRequire(import.meta.url)('cnnative/package.json') as {
  dependencies: Record<string, string>;
};

/** A project with this package installed as files, but without any native binary. */
export interface CopiedPackage {
  /** The folder of the project. */
  readonly project: string;
  /** The folder of the package in it. */
  readonly installed: string;
}

/** Installs the built package into an empty folder, as an installation with no script run and no binary would. */
export function copyPackage(project: string): CopiedPackage {
  const modules = join(project, 'node_modules');
  const installed = join(modules, 'cnnative');
  mkdirSync(installed, { recursive: true });
  for (const part of ['package.json', 'dist', 'recipes'])
    cpSync(join(packageRoot, part), join(installed, part), { recursive: true });
  for (const name of Object.keys(dependencies))
    symlinkSync(join(packageRoot, 'node_modules', name), join(modules, name), 'dir');
  return { project, installed };
}

/** The folder that the addon under test was built into. */
export const builtIn = join(process.env.CNNATIVE_PREBUILD || packageRoot, 'build', 'Release');

/** Runs a script in the project, in a process of its own with none of this one's settings for the loader. */
export function runIn(project: string, script: string, type: 'module' | 'commonjs' = 'module'): Promise<Ended> {
  const { CNNATIVE_PREBUILD: _, NODE_OPTIONS: __, ...env } = process.env;
  return new Promise((resolve) => {
    const args = [`--input-type=${type}`, '--eval', script];
    const child = execFile(
      process.execPath,
      args,
      { cwd: project, env, timeout: PATIENCE },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      },
    );
  });
}

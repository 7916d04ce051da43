import type { GivenConfig } from '../config/config.js';
import { readConfig } from '../config/read-config.js';

/** Reads a configuration. What a module prints meanwhile is no part of the command's output: it goes to stderr. */
export async function readConfigFile(path: string): Promise<GivenConfig> {
  const { write } = process.stdout;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write;
  try {
    return await readConfig(path);
  } finally {
    process.stdout.write = write;
  }
}

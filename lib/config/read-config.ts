import { stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CnnativeError, DataError, InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { readRegularFile } from '../util/read-file.js';
import { systemReason } from '../util/system-reason.js';
import { checkAugment } from './check-augment.js';
import { checkValue } from './check-value.js';
import type { GivenConfig } from './config.js';
import { CONFIG_SCHEMA } from './config-schema.js';

/** Far more than any has. */
const MOST_BYTES = 2 ** 24;
const MODULES = ['.js', '.mjs', '.cjs'];

/**
 * The configuration in a file, checked: JSON, or a module whose default export is an object or a function that gives
 * one. Folders in it become absolute: they are relative to the file.
 *
 * @throws InvalidArgumentError, which names file and place, unless it is one; DataError when the file cannot be read
 */
export async function readConfig(path: string): Promise<GivenConfig> {
  const given = MODULES.includes(extname(path)) ? await fromModule(path) : await fromJson(path);
  try {
    checkValue(CONFIG_SCHEMA, given, '');
    checkAugment(given as GivenConfig);
  } catch (error) {
    throw error instanceof CnnativeError
      ? new InvalidArgumentError(`${path}: ${error.message}`, { cause: error })
      : error;
  }
  return withAbsolutePaths(given as GivenConfig, dirname(resolve(path)));
}

async function fromJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = (await readRegularFile(path, MOST_BYTES)).toString('utf8');
  } catch (error) {
    throw new DataError(`${path}: expected a configuration, received ${systemReason(path, error)}.`, { cause: error });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const wayOut = extname(path) === '.json' ? '' : ` The names of modules end in ${MODULES.join(', ')}.`;
    throw new InvalidArgumentError(`${path}: expected JSON, received ${(error as Error).message}.${wayOut}`, {
      cause: error,
    });
  }
}

async function fromModule(path: string): Promise<unknown> {
  let exported: unknown;
  await stat(path).catch((error: unknown) => {
    throw new DataError(`${path}: expected a configuration, received ${systemReason(path, error)}.`, { cause: error });
  });
  try {
    exported = defaultOf(await import(pathToFileURL(resolve(path)).href));
    if (typeof exported === 'function') exported = await exported();
  } catch (error) {
    throw new DataError(`${path}: expected a module that can be run, received ${thrown(error, path)}.`, {
      cause: error,
    });
  }
  if (isPlainObject(exported)) return structuredCloneOf(path, exported);
  throw new InvalidArgumentError(
    `${path}: expected a module whose default export is an object or a function that gives one, received ${describe(exported)}.`,
  );
}

/** The default export; of a CommonJS module that was compiled from another kind, the one it was written with. */
function defaultOf(module: { default?: unknown }): unknown {
  const exported = module.default as { __esModule?: unknown; default?: unknown } | null | undefined;
  return exported?.__esModule === true ? exported.default : exported;
}

/** What a module threw, and where in the module, or how to find out. */
function thrown(error: unknown, path: string): string {
  if (!(error instanceof Error)) return describe(error);
  const place = (error.stack ?? '')
    .replaceAll(pathToFileURL(resolve(path)).href, resolve(path))
    .split(resolve(path))[1]
    ?.match(/^:\d+:\d+/);
  if (place) return `${error.message} (at ${path}${place[0]})`;
  return error instanceof SyntaxError ? `${error.message}; \`node --check\` shows where` : error.message;
}

/** Plain data, as it will be written into the folder of the run. */
function structuredCloneOf(path: string, exported: object): unknown {
  try {
    return structuredClone(exported);
  } catch (error) {
    throw new InvalidArgumentError(`${path}: expected plain data, received ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** What names a file or folder: `data.dir` and the files of `data.train` and `data.test`, `out`, and `path` and `logDir` of callbacks. */
function withAbsolutePaths(config: GivenConfig, folder: string): GivenConfig {
  const { data, callbacks, out } = config;
  return {
    ...config,
    ...(isPlainObject(data) && { data: absoluteData(data, folder) }),
    ...(Array.isArray(callbacks) && { callbacks: callbacks.map((one) => absolute(one, ['path', 'logDir'], folder)) }),
    ...(typeof out === 'string' && { out: resolve(folder, out) }),
  };
}

function absoluteData(data: GivenConfig, folder: string): GivenConfig {
  const entries = Object.entries(absolute(data, ['dir'], folder));
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      isPlainObject(value) ? absolute(value as GivenConfig, ['images', 'labels'], folder) : value,
    ]),
  );
}

function absolute(part: GivenConfig, names: readonly string[], folder: string): GivenConfig {
  const isPath = ([name, value]: [string, unknown]) => names.includes(name) && typeof value === 'string';
  const entries = Object.entries(part);
  return Object.fromEntries(
    entries.map((entry) => (isPath(entry) ? [entry[0], resolve(folder, entry[1] as string)] : entry)),
  );
}

import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkValue } from '../../config/check-value.js';
import type { Config, GivenConfig } from '../../config/config.js';
import { CONFIG_SCHEMA } from '../../config/config-schema.js';
import { DataError, InvalidArgumentError } from '../../errors/index.js';
import type { EpochEvent, StepEvent, TrainingEvent } from '../../model/events.js';
import { RUN_BEST, RUN_MODEL } from '../../model/model-format.js';
import { listCheckpoints } from '../../training/checkpoint-file.js';
import { makeFolder } from '../../util/make-folder.js';
import { readRegularFile } from '../../util/read-file.js';
import { systemReason } from '../../util/system-reason.js';
import { writeFileAtomically } from '../../util/write-file.js';
import { shellWord } from '../format.js';
import type { Environment } from './environment.js';
import { occupy } from './run-process.js';

const CONFIG = 'config.json';
const ENVIRONMENT = 'environment.json';
const METRICS = 'metrics.jsonl';
/** Progress comes by the clock, and says nothing that epochs do not. */
const RECORDED = ['step', 'epoch', 'done'];

/**
 * What a run leaves behind: `config.json` as resolved, `environment.json`, `metrics.jsonl` with an event a line,
 * `checkpoints/`, `best/` and `model/`; `process.json` while a process is at work.
 */
export class RunFolder {
  readonly path: string;
  readonly configPath: string;
  readonly checkpoints: string;
  readonly best: string;
  readonly model: string;
  #metrics: FileHandle | undefined;
  #hasBegun = false;
  #release: (() => Promise<void>) | undefined;

  constructor(path: string) {
    this.path = path;
    this.configPath = join(path, CONFIG);
    this.checkpoints = join(path, 'checkpoints');
    this.best = join(path, RUN_BEST);
    this.model = join(path, RUN_MODEL);
  }

  /**
   * Makes the folder, and takes it for a run by writing its configuration, before any work is done: an hour's work is not to be lost to a
   * misspelt path.
   *
   * @throws Error unless it can be written to, and is no other run's
   */
  async claim(config: Config): Promise<void> {
    try {
      await makeFolder(this.path);
      await writeFile(this.configPath, this.#kept(config), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST' && existsSync(this.configPath)) {
        throw new Error(
          `--out: expected a folder without a run, received ${this.path}, which holds one. Go on with it by --resume ` +
            `${shellWord(this.path)}, or choose another folder.`,
        );
      }
      throw new Error(
        `--out: expected a folder that can be written to, received ${systemReason(this.path, error, 'write')}. Choose another.`,
      );
    }
  }

  /**
   * Keeps other processes from working on the run until `release`.
   *
   * @param who who names the folder
   * @throws Error while another one does
   */
  async occupy(who: string): Promise<void> {
    this.#release = await occupy(this.path, who);
  }

  /** Writes what is known before the first step. */
  async begin(config: Config, environment: Environment): Promise<void> {
    try {
      this.#hasBegun = true;
      await writeFileAtomically(join(this.path, ENVIRONMENT), json(environment));
      await writeFileAtomically(this.configPath, this.#kept(config));
      this.#metrics = await open(join(this.path, METRICS), 'a');
    } catch (error) {
      throw new Error(
        `--out: expected a folder for the run's files, received ${systemReason(this.path, error)}. Choose another.`,
      );
    }
  }

  /** Whether there is something to go on from. */
  async hasCheckpoints(): Promise<boolean> {
    return existsSync(this.checkpoints) && (await listCheckpoints(this.checkpoints)).length > 0;
  }

  /** Makes room for another run, unless there is something of this one to keep: it failed at the start. */
  async abandon(): Promise<void> {
    await this.end();
    const [metrics, environment] = [METRICS, ENVIRONMENT].map((name) => join(this.path, name)) as [string, string];
    const hasLines = existsSync(metrics) && (await stat(metrics)).size > 0;
    if (hasLines || (await this.hasCheckpoints()) || [this.best, this.model].some((path) => existsSync(path))) return;
    // Before it began they were somebody else's.
    const own = this.#hasBegun ? [this.configPath, environment, metrics] : [this.configPath];
    for (const path of own) await rm(path, { force: true });
    // Only while it is empty: the folder may have held something of others before.
    await rmdir(this.checkpoints).catch(() => undefined);
  }

  /**
   * The configuration of the run in the folder, checked.
   *
   * @param who who names the folder
   * @throws DataError when there is none, InvalidArgumentError when it is damaged
   */
  async config(who: string): Promise<GivenConfig> {
    const path = this.configPath;
    try {
      const given: unknown = JSON.parse((await readRegularFile(path)).toString('utf8'));
      checkValue(CONFIG_SCHEMA, given, '');
      return given as GivenConfig;
    } catch (error) {
      if (error instanceof SyntaxError) {
        throw new InvalidArgumentError(`${path}: expected JSON, received ${error.message}.`, { cause: error });
      }
      if (error instanceof InvalidArgumentError) {
        throw new InvalidArgumentError(`${path}: ${error.message}`, { cause: error });
      }
      throw new DataError(
        `${who}: expected the folder of a run, as \`train --out\` makes it, received ${missing(this.path, error)}.`,
        { cause: error },
      );
    }
  }

  /** Adds a line to the metrics. */
  async add(event: TrainingEvent | { readonly event: 'done' }): Promise<void> {
    if (!RECORDED.includes(event.event)) return;
    await this.#metrics?.appendFile(`${JSON.stringify(event)}\n`);
    // A checkpoint is to stand behind no epoch that a power cut may take away.
    if (event.event === 'epoch') await this.#metrics?.datasync();
  }

  /**
   * Goes back to a step: lines after it, and one that was cut off, are taken away, for those steps are done again.
   *
   * @returns the epochs before
   */
  async rewind(step: number): Promise<EpochEvent[]> {
    const path = join(this.path, METRICS);
    await this.end();
    const kept = (await readFile(path, 'utf8')).split('\n').flatMap((line) => eventUpTo(line, step));
    await writeFileAtomically(path, kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
    this.#metrics = await open(path, 'a');
    return kept.filter((event) => event.event === 'epoch');
  }

  /** As the folder keeps it: to be read from anywhere. */
  #kept(config: Config): string {
    return json({ ...config, out: resolve(this.path) });
  }

  async end(): Promise<void> {
    await this.#metrics?.close();
    this.#metrics = undefined;
  }

  async release(): Promise<void> {
    await this.end();
    await this.#release?.();
  }
}

/** Why a folder has no configuration to be read. */
function missing(folder: string, error: unknown): string {
  const isThere = (error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(folder);
  return isThere ? `${folder}, which holds no ${CONFIG}` : systemReason(folder, error);
}

function eventUpTo(line: string, step: number): (StepEvent | EpochEvent)[] {
  try {
    const event = JSON.parse(line) as StepEvent | EpochEvent;
    return event.step <= step ? [event] : [];
  } catch {
    return []; // cut off, or the empty one behind the last
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

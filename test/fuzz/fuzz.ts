import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Philox } from '#lib/util/philox.js';
import { isEmulated, isWatched } from '../helpers/child.js';
import { pick } from '../helpers/values.js';
import type { Format } from './format.js';
import { mutateBytes } from './mutate-bytes.js';

export interface FuzzOptions {
  readonly seed: number;
  /** Number of the first input: each follows from the seed and its own number alone. */
  readonly first: number;
  readonly count: number;
  /** Told the number of each input before it is read. */
  readonly onInput: (index: number) => void;
}

export interface FuzzResult {
  /** Inputs that were read, and that were refused. */
  readonly read: number;
  readonly refused: number;
  /** Milliseconds of processor time of the slowest input. */
  readonly slowest: number;
  /** Bytes of the process at most, beyond those that valid files took. */
  readonly memory: number;
}

const MEBI = 2 ** 20;
const SLOWEST = 10_000;
/** Inputs between two looks at what lies in the folders. */
const LOOK_EVERY = 500;

/** Reads changed files of a format. @throws Error naming the input when one is neither read nor refused as it should be */
export async function fuzz(format: Format, { seed, first, count, onInput }: FuzzOptions): Promise<FuzzResult> {
  // Files in memory where the system has such a place.
  const outer = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cnnative-fuzz-'));
  try {
    const folder = join(outer, 'folder');
    await mkdir(folder);
    await format.prepare?.(folder);
    const samples = await format.samples();
    const readInput = (bytes: Buffer) => {
      const path = join(folder, format.file ?? 'none');
      if (format.file) writeFileSync(path, bytes);
      return format.read({ bytes, path });
    };
    // Several times, for what is taken once: threads, caches, compiled code.
    for (let i = 0; i < 20; i++) for (const sample of samples) await readInput(sample);
    const files = await filesIn(outer);
    const before = await peakBytes();
    const most = isWatched || isEmulated ? Number.POSITIVE_INFINITY : (format.mostMemory ?? 192 * MEBI);
    /** At what is left of many inputs. */
    const look = async (index: number) => {
      const now = await filesIn(outer);
      if (now !== files) throw failure(format, index, `or one before left the files\n${now}\nin place of\n${files}`);
      const taken = (await peakBytes()) - before;
      if (taken > most) throw failure(format, index, `or one before took ${Math.round(taken / MEBI)} MiB more memory`);
    };

    let refused = 0;
    let slowest = 0;
    for (let index = first; index < first + count; index++) {
      const random = new Philox(seed, index);
      const sample = pick(random, samples);
      const bytes = format.change?.(sample, random, samples) ?? mutateBytes(sample, random, samples, format.words);
      onInput(index);
      const begun = processTime();
      try {
        await readInput(bytes);
      } catch (error) {
        if (!format.errors.some((kind) => error instanceof kind))
          throw failure(format, index, 'a foreign error', error);
        if (!/expected .*received /s.test((error as Error).message))
          throw failure(format, index, 'a poor message', error);
        refused++;
      }
      slowest = Math.max(slowest, processTime() - begun);
      if (slowest > SLOWEST) throw failure(format, index, `${slowest} ms`);
      if ((index - first + 1) % LOOK_EVERY === 0) await look(index);
    }
    await look(first + count - 1);
    return { read: count - refused, refused, slowest, memory: (await peakBytes()) - before };
  } finally {
    await rm(outer, { recursive: true });
  }
}

function failure({ name }: Format, index: number, what: string, cause?: unknown): Error {
  const stack = cause instanceof Error ? `\n${cause.stack?.slice(0, 3000)}` : '';
  return new Error(`${name}, input ${index}: ${what}${stack}`);
}

async function filesIn(folder: string): Promise<string> {
  return (await readdir(folder, { recursive: true })).sort().join('\n');
}

/** Of all threads of this process: how much else runs on this machine is not to count. */
function processTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The most memory this process ever had; 0 where the system does not tell. */
async function peakBytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
}

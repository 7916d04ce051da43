import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Callback, Model, TrainingData, TrainOptions } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { Decay, resumableModel, train } from './resumable.js';
import { seed } from './seed.js';
import { temporaryFolder } from './temporary-folder.js';

export interface Resumes {
  /** Made anew for each training: not all data can be gone through twice. */
  readonly data: () => TrainingData;
  readonly options: TrainOptions;
  readonly make?: () => Model;
  readonly callbacks?: (folder: string) => Callback[];
  /** Stops to go on from, drawn at random; all where none are given. */
  readonly stops?: number;
}

/** Trains with a checkpoint after every step, and again from some of them, on other numbers of threads. */
export async function resumesFromAnywhere(
  t: ExecutionContext,
  { data, options, make = resumableModel, callbacks = () => [new Decay()], stops }: Resumes,
): Promise<void> {
  const folder = await temporaryFolder(t);
  const all = join(folder, 'all');
  const plain = await train(data(), { ...options, callbacks: callbacks(join(folder, 'plain')) }, make);
  const checkpoint = { folder: all, everySteps: 1, keep: 1000 };
  const watched = { ...options, callbacks: callbacks(join(folder, 'watched')), checkpoint };
  t.deepEqual(await train(data(), watched, make), plain);
  const names = await readdir(all);
  t.true(names.length >= 6);
  for (const [i, name] of drawn(t, names, stops).entries()) {
    const one = join(folder, name);
    await mkdir(one);
    await copyFile(join(all, name), join(one, name));
    const resumed = { ...options, callbacks: callbacks(one), resume: one, threads: 1 + (i % 3) };
    t.deepEqual(await train(data(), resumed, make), plain, name);
  }
}

function drawn(t: ExecutionContext, names: readonly string[], count = names.length): string[] {
  if (count >= names.length) return [...names];
  t.log(`seed ${seed}`);
  const random = new Philox(seed);
  const left = [...names];
  return Array.from({ length: count }, () => left.splice(random.nextInt(left.length), 1)).flat();
}

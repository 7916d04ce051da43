import { createHash } from 'node:crypto';
import { InvalidArgumentError, type Model, ShapeError } from 'cnnative';
import { picturesFrom, preparedModel } from './prepared.js';

const TIMES = 200;

/** Samples of each prediction: most are of little work, and made on the calling thread if the executor is idle. */
const sizeOf = (i: number) => (i % 10 === 9 ? 20 : 1 + (i % 3));

/** One prediction after another, as a hash. */
export async function predictInTurn(model: Model = preparedModel()): Promise<string> {
  const all: Float32Array[] = [];
  for (let i = 0; i < TIMES; i++) all.push((await model.predict(picturesFrom(i % 40, sizeOf(i)))).data);
  return hashOf(all);
}

/** The same all at once, with bad input among them: a hash of those with good input. */
export async function predictAtOnce(model: Model = preparedModel()): Promise<string> {
  const errors: unknown[] = [];
  const runs = Array.from({ length: TIMES }, (_, i) => {
    const run = model.predict(picturesFrom(i % 40, sizeOf(i)));
    if (i % 20 === 3) model.predict(picturesFrom(0, 1).subarray(1)).catch((error) => errors.push(error));
    if (i % 20 === 7) model.predict('pictures' as never).catch((error) => errors.push(error));
    return run;
  });
  const all = (await Promise.all(runs)).map(({ data }) => data);
  const isExpected = (error: unknown) => error instanceof ShapeError || error instanceof InvalidArgumentError;
  if (errors.length !== TIMES / 10 || !errors.every(isExpected)) throw new Error(`bad input gave ${errors}`);
  return hashOf(all);
}

function hashOf(all: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of all) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}

// leaks.js: makes, uses and drops all that owns native memory, errors and worker threads included, and comes to its end by itself, for a
// leak sanitizer to look at what is left.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { loadModel, type Model, ops } from 'cnnative';
import { native } from '#lib/native.js';
import { describeAny, everyOperator, inputsFor, MODES } from '../../helpers/native-program.js';
import { pictures, preparedModel } from '../../helpers/prepared.js';
import { pictureModel, pictures as pixels, streamedOf } from '../../helpers/streamed.js';

async function fails(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch {
    return;
  }
  throw new Error(`expected an error of ${work}`);
}

async function useModel(model: Model): Promise<void> {
  await model.fit(pictures, { epochs: 2, batchSize: 10, validationData: pictures });
  await model.evaluate(pictures);
  await model.predict(pictures.images);
  await model.predict(pictures.images.subarray(0, 192));
  for await (const event of model.train(pictures, { epochs: 1000, logEvery: 1 })) {
    if (event.event === 'step' && event.step > 3) break;
  }
  await fails(() => model.fit(pictures, { epochs: 1_000_000, signal: AbortSignal.timeout(20) }));
  await fails(() => model.predict(pictures.images.subarray(1)));
}

async function saveAndLoad(model: Model): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnative-leaks-'));
  await model.save(folder);
  await (await loadModel(folder)).predict(pictures.images);
  await fails(() => loadModel(join(folder, 'none')));
  await rm(folder, { recursive: true });
}

/** Constructors that throw at all stages of reading what they are given. */
async function failNatively(): Promise<void> {
  const { features } = everyOperator;
  const samples = new Float32Array(10 * features);
  await fails(
    () =>
      new native.Dataset(
        [
          { samples, features },
          { samples, features: 1 },
        ],
        null,
      ),
  );
  await fails(() => new native.Dataset([{ samples, features }], new Int32Array(10).fill(-1)));
  await fails(() => new native.Dataset([{ samples, features }], null, { samples, features: 3 }));
  await fails(() => new native.Variables('float32', [10, -1]));
  for (const mode of MODES) {
    const description = describeAny(mode);
    description.calls.push({ ...description.calls[0], name: 'no such call' } as never);
    await fails(() => new native.Program(description as never));
    const program = new native.Program(describeAny(mode) as never);
    const inputs = { ...inputsFor(mode), order: Int32Array.of(-1) };
    await fails(() => new native.Run(program, inputs, () => undefined));
  }
}

async function work(epochs: number): Promise<void> {
  const worker = new Worker(new URL('./worker-train.js', import.meta.url), { workerData: { epochs } });
  const exited = once(worker, 'exit');
  await once(worker, 'message');
  if (epochs > 2) await worker.terminate();
  await exited;
}

const model = preparedModel();
await useModel(model);
await saveAndLoad(model);
await pictureModel().fit(streamedOf(pixels(100)), { batchSize: 20 });
await ops.gradients('softmax', [1, 2], [3, 4]);
await failNatively();
await work(2);
// What is on its way to a worker thread when it ends is another thing each time.
for (let i = 0; i < 5; i++) await work(1_000_000);
console.log('last line');

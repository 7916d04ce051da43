import type { AnyDataset } from '../data/dataset.js';
import type { StreamedDataset } from '../data/streamed/streamed-dataset.js';
import { MetricMeans } from '../metrics/index.js';
import { checkBatchStatistics } from '../model/batch-statistics.js';
import { copiedStores } from '../model/copied-stores.js';
import { valuesFromData } from '../model/data-initialization.js';
import { epochChunks } from '../model/epoch-chunks.js';
import { checkMemoryLimit } from '../model/run-memory.js';
import { type RunOptions, runSettings } from '../model/run-options.js';
import type { Runtime } from '../model/runtime.js';
import { ProgramRun } from '../program/program-run.js';
import { permutation } from '../util/permutation.js';

/**
 * Trains copies of the weights, a step at each rate, and gives their losses as they come. Every step is full: what is left at the
 * end of an epoch is not used.
 */
export async function* rampLosses(
  who: string,
  runtime: Runtime,
  data: AnyDataset | StreamedDataset,
  rates: readonly number[],
  batchSize: number,
  options: RunOptions,
): AsyncGenerator<number, void, undefined> {
  const settings = runSettings(who, {
    ...(options.threads !== undefined && { threads: options.threads }),
    ...(options.isa !== undefined && { isa: options.isa }),
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.memoryLimit !== undefined && { memoryLimit: options.memoryLimit }),
  });
  const { optimizer, metrics, loss } = runtime.compiled(who);
  const samplesPerEpoch = data.size - (data.size % batchSize);
  checkBatchStatistics(who, runtime.graph, { samplesPerEpoch, batchSize, givenSteps: false });
  const program = runtime.program('train', batchSize, settings.isa);
  checkMemoryLimit(who, runtime, program, { ...settings, mode: 'train', batchSize });
  const stores = await copiedStores(who, runtime, 'train');
  if (runtime.awaitingData.size > 0) await stores[0]?.write(await valuesFromData(who, runtime, data, settings));
  const means = new MetricMeans(metrics, loss.reduction);
  for (let epoch = 0, done = 0; done < rates.length; epoch++) {
    const most = (rates.length - done) * batchSize;
    const order = permutation(data.size, runtime.seed, epoch).subarray(0, Math.min(samplesPerEpoch, most));
    for await (const chunk of epochChunks(data, order, { batchSize, signal: settings.signal })) {
      const first = done;
      const count = chunk.order.length / batchSize;
      const scalars = rates
        .slice(first, first + count)
        .flatMap((rate, i) => optimizer.stepScalars(rate, first + i, (first + i + 1) / rates.length));
      const { threads, signal } = settings;
      const inputs = {
        ...chunk,
        stores,
        batchSize,
        scalars: Float64Array.from(scalars),
        firstStep: first,
        epoch,
        threads,
      };
      const run = new ProgramRun(program, inputs, signal);
      try {
        for (let ended = false; !ended; ) {
          ended = await run.next();
          for (const step of means.add(run.native.metrics(done - first), () => batchSize)) {
            done++;
            yield step.loss;
          }
        }
      } finally {
        await run.stop();
      }
    }
  }
}

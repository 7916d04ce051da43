import { loadModel } from '../../model/load-model.js';
import { optimizers } from '../../optimizers/index.js';
import { count, loss, percent } from '../format.js';
import { loadData } from '../load-data.js';
import type { EvaluateArguments } from './command.js';

/** `cnnative evaluate`. */
export async function runEvaluate(folder: string, options: EvaluateArguments, signal: AbortSignal): Promise<void> {
  const { batchSize, threads, memoryLimit, json, dataset } = options;
  const model = await loadModel(folder);
  const { test } = await loadData(options, signal);
  // Whatever it was compiled with, if at all: this command reports loss and accuracy.
  model.compile({
    optimizer: optimizers.sgd(),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const means = await model.evaluate(test, {
    signal,
    ...(batchSize !== undefined && { batchSize }),
    ...(threads !== undefined && { threads }),
    ...(memoryLimit !== undefined && { memoryLimit }),
  });
  const { accuracy = 0 } = means;
  const result = `loss ${loss(means.loss)}, accuracy ${percent(accuracy)}`;
  process.stdout.write(
    json
      ? `${JSON.stringify({ loss: means.loss, accuracy })}\n`
      : `${folder} on the ${count(test.size)} test images of ${dataset}: ${result}\n`,
  );
}

import { loadModel } from '../../model/load-model.js';
import { optimizers } from '../../optimizers/index.js';
import { count, loss, percent } from '../format.js';
import { loadData } from '../load-data.js';
import { classScores, matrixTable, scoreTable } from './class-table.js';
import type { EvaluateArguments } from './command.js';

/** `cnnative evaluate`. */
export async function runEvaluate(folder: string, options: EvaluateArguments, signal: AbortSignal): Promise<void> {
  const { batchSize, threads, memoryLimit, flip = false, shift = 0, json, dataset } = options;
  const model = await loadModel(folder);
  const { test } = await loadData(options, signal);
  // Whatever it was compiled with, if at all: this command reports what there is to say of classes.
  model.compile({
    optimizer: optimizers.sgd(),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy', 'confusionMatrix'],
  });
  const evaluation = await model.evaluate(test, {
    signal,
    views: { flip, shift },
    ...(batchSize !== undefined && { batchSize }),
    ...(threads !== undefined && { threads }),
    ...(memoryLimit !== undefined && { memoryLimit }),
  });
  const { accuracy = 0, confusionMatrix = [] } = evaluation;
  const names = model.classNames ?? test.classNames ?? [];
  const classes = classScores(confusionMatrix, names);
  const result = `loss ${loss(evaluation.loss)}, accuracy ${percent(accuracy)}`;
  process.stdout.write(
    json
      ? `${JSON.stringify({ loss: evaluation.loss, accuracy, classes, confusionMatrix })}\n`
      : `${folder} on the ${count(test.size)} test images of ${dataset}: ${result}\n\n` +
          `${scoreTable(classes)}\n${matrixTable(confusionMatrix, names)}`,
  );
}

import type { Dataset } from '../../data/index.js';
import { StreamedDataset } from '../../data/streamed/streamed-dataset.js';
import type { Loss } from '../../losses/index.js';
import { loadModel } from '../../model/load-model.js';
import { Model } from '../../model/model.js';
import { optimizers } from '../../optimizers/index.js';
import { sameShape } from '../../util/shape.js';
import { count, loss, percent } from '../format.js';
import { forLoss } from '../targets-for-loss.js';
import { classScores, matrixTable, scoreTable } from './class-table.js';
import type { EvaluateArguments } from './command.js';
import { testData } from './test-data.js';

/** `cnnative evaluate`. */
export async function runEvaluate(folder: string, options: EvaluateArguments, signal: AbortSignal): Promise<void> {
  const { batchSize, threads, memoryLimit, flip = false, shift = 0, json } = options;
  const model = await loadModel(folder);
  const { data, name } = await testData(folder, model, options, signal);
  const own = ownLoss(model, data);
  if (!own) model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const evaluation = await model.evaluate(own ? forLoss(own, data) : data, {
    // Whatever it was compiled with: this command reports what there is to say of classes.
    metrics: ['accuracy', 'confusionMatrix'],
    signal,
    views: { flip, shift },
    ...(batchSize !== undefined && { batchSize }),
    ...(threads !== undefined && { threads }),
    ...(memoryLimit !== undefined && { memoryLimit }),
  });
  const { accuracy = 0, confusionMatrix = [] } = evaluation;
  const names = model.classNames ?? data.classNames ?? [];
  const classes = classScores(confusionMatrix, names);
  const result = `loss ${loss(evaluation.loss)}, accuracy ${percent(accuracy)}`;
  process.stdout.write(
    json
      ? `${JSON.stringify({ loss: evaluation.loss, accuracy, classes, confusionMatrix })}\n`
      : `${folder} on the ${count(data.size)} test images of ${name}: ${result}\n\n` +
          `${scoreTable(classes)}\n${matrixTable(confusionMatrix, names)}`,
  );
}

/** The model's own loss where there is one that classes can be given to. */
function ownLoss(model: Model, data: Dataset | StreamedDataset): Loss | undefined {
  const loss = Model.runtimeOf(model).compiledOrNone?.loss;
  if (loss === undefined || loss.reduction === 'none') return undefined;
  const takesClasses =
    loss.reads === 'labels' || (!(data instanceof StreamedDataset) && sameShape(model.outputShape, [data.classes]));
  return takesClasses ? loss : undefined;
}

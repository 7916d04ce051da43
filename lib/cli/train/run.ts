import { access, constants, mkdir } from 'node:fs/promises';
import type { DatasetSplit } from '../../data/index.js';
import type { EpochEvent } from '../../model/events.js';
import { History } from '../../model/history.js';
import type { InputOptions } from '../../model/input.js';
import type { Model } from '../../model/model.js';
import { runSettings } from '../../model/run-options.js';
import { models } from '../../models/index.js';
import { optimizers } from '../../optimizers/index.js';
import { StoppedError } from '../errors.js';
import { invocation } from '../invocation.js';
import { loadData } from '../load-data.js';
import type { DatasetName } from '../names.js';
import { isTerminal } from '../terminal.js';
import type { TrainArguments } from './command.js';
import { JsonReport } from './json-report.js';
import type { TrainingReport, TrainingResult } from './report.js';
import { TextReport } from './text-report.js';

/** `cnnative train`. */
export async function runTrain(options: TrainArguments, signal: AbortSignal): Promise<void> {
  const report = await reportFor(options, process.stdout);
  try {
    if (options.out !== undefined) await makeFolder(options.out);
    const data = await loadData(options, signal);
    const model = models[options.model]({ seed: options.seed, ...inputOf(options.dataset) });
    const { learningRate, momentum } = options;
    model.compile({
      optimizer: optimizers.sgd({ learningRate, momentum }),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    });
    const result = await train(model, data, options, report, signal);
    if (options.out !== undefined) await model.save(options.out);
    report.done(result);
    if (options.out !== undefined) report.note(`The model is in ${options.out}.`);
    if (options.dataset === 'digits') report.note(`Next, real handwriting: ${invocation()} train --dataset mnist`);
  } finally {
    report.end();
  }
}

/** How a set's pixels are normalised, where not as MNIST's: by the mean and deviation of each colour. */
function inputOf(dataset: DatasetName): { input?: InputOptions } {
  if (dataset !== 'cifar10') return {};
  return { input: { shape: [3, 32, 32], mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] } };
}

async function reportFor({ json }: TrainArguments, stream: NodeJS.WriteStream): Promise<TrainingReport> {
  if (json) return new JsonReport(stream);
  if (!isTerminal(stream)) return new TextReport((line) => stream.write(`${line}\n`));
  const { TerminalReport } = await import('./terminal-report.js');
  return new TerminalReport(stream);
}

/** Before training, so that an hour's work is not lost to a misspelt path. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new Error(`--out: expected a folder that can be written to, received ${(error as Error).message}.`);
  }
}

async function train(
  model: Model,
  data: DatasetSplit,
  options: TrainArguments,
  report: TrainingReport,
  signal: AbortSignal,
): Promise<TrainingResult> {
  const { epochs, batchSize, logEvery, memoryLimit } = options;
  const { threads, isa } = runSettings('train', options.threads === undefined ? {} : { threads: options.threads });
  report.begin({
    model: options.model,
    parameters: model.parameterCount,
    dataset: options.dataset,
    trainSize: data.train.size,
    testSize: data.test.size,
    epochs,
    threads,
    isa,
  });
  const history = new History();
  let last: EpochEvent | undefined;
  let epoch = 1;
  try {
    for await (const event of model.train(data.train, {
      epochs,
      batchSize,
      validationData: data.test,
      threads,
      isa,
      signal,
      ...(logEvery !== undefined && { logEvery }),
      ...(memoryLimit !== undefined && { memoryLimit }),
    })) {
      epoch = event.epoch;
      report.event(event);
      if (event.event !== 'epoch') continue;
      history.add(event);
      last = event;
    }
  } catch (error) {
    throw error instanceof StoppedError ? await stopped(error, model, options, epoch) : error;
  }
  const { seconds, imagesPerSecond } = history;
  return {
    testAccuracy: last?.valAccuracy ?? Number.NaN,
    testLoss: last?.valLoss ?? Number.NaN,
    seconds,
    imagesPerSecond,
  };
}

/** Keeps what can be kept of a training that was stopped, and says so. */
async function stopped(reason: StoppedError, model: Model, { out, epochs }: TrainArguments, epoch: number) {
  if (out !== undefined) await model.save(out);
  const kept =
    out === undefined ? 'nothing was kept, for there was no --out' : `the model with its weights so far is in ${out}`;
  const message = reason.message === '' ? '' : `${reason.message} in epoch ${epoch} of ${epochs}; ${kept}.`;
  return new StoppedError(message, reason.exitCode);
}

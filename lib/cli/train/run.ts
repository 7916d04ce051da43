import { buildCallbacks, buildModel } from '../../config/build-model.js';
import type { Config, PartConfig } from '../../config/config.js';
import { EVALUATION_BATCH } from '../../model/evaluation.js';
import type { Model } from '../../model/model.js';
import { runSettings } from '../../model/run-options.js';
import { StoppedError } from '../errors.js';
import { invocation } from '../invocation.js';
import { isTerminal } from '../terminal.js';
import { checkpointing, wayToGoOn } from './checkpointing.js';
import type { TrainArguments } from './command.js';
import { environmentOf } from './environment.js';
import { JsonReport } from './json-report.js';
import { planTraining, type TrainPlan } from './plan.js';
import { Recorder, type RecorderPlan } from './recorder.js';
import type { TrainingReport, TrainingResult } from './report.js';
import { TextReport } from './text-report.js';
import { timeToAccuracyOf } from './time-to-accuracy.js';
import { type TrainingData, trainingData } from './training-data.js';

/** `cnnative train`. */
export async function runTrain(options: TrainArguments, signal: AbortSignal): Promise<void> {
  if (options.seeds !== undefined) {
    const { runSeeds } = await import('./many/run-seeds.js');
    return runSeeds(options, signal);
  }
  if (options.configs.length > 1 || options.jobs !== undefined) {
    const { runMany } = await import('./many/run-many.js');
    return runMany(options, signal);
  }
  const plan = await planTraining(options);
  const report = await reportFor(options, process.stdout);
  try {
    await runOne(plan, report, signal);
  } finally {
    report.end();
    await plan.folder?.release();
  }
}

async function runOne(plan: TrainPlan, report: TrainingReport, signal: AbortSignal): Promise<void> {
  const { config, folder, resume } = plan;
  if (resume) {
    await folder?.occupy('--resume');
    return trainAndSave(plan, report, signal);
  }
  await folder?.claim(config);
  try {
    await folder?.occupy('--out');
    await trainAndSave(plan, report, signal);
  } catch (error) {
    await folder?.abandon();
    throw error;
  }
}

async function trainAndSave(plan: TrainPlan, report: TrainingReport, signal: AbortSignal): Promise<void> {
  const { config, folder, resume, whereData: who } = plan;
  const target = timeToAccuracyOf(config);
  const data = await trainingData(config, who, signal);
  const dataset = config.data.type;
  const model = buildModel(config, data.input);
  const { classNames } = data.train;
  // A single output tells two classes apart, not one.
  if (classNames && classNames.length > 1 && classNames.length === model.outputShape[0]) model.classNames = classNames;
  const settings = runSettings('train', config.threads === undefined ? {} : { threads: config.threads });
  const { threads, isa } = { ...settings, isa: config.isa ?? settings.isa };
  const begin = async () => folder?.begin(config, await environmentOf({ threads, isa }));
  // One that goes on keeps what it was begun with until it has been taken up: what is wrong now is not to be its own.
  if (!resume) await begin();
  report.begin({
    model: nameOf(config),
    parameters: model.parameterCount,
    dataset,
    trainSize: data.train.size,
    testSize: data.test.size,
    epochs: config.training.epochs,
    threads,
    isa,
  });
  const settled = { ...plan, config: { ...config, threads, isa }, target, begin };
  const result = await train(model, data, settled, report, signal);
  if (folder) await model.save(folder.model);
  await folder?.add({ event: 'done', ...result });
  report.done(result);
  if (config.out !== undefined) report.note(`The model is in ${config.out}.`);
  if (dataset === 'digits') report.note(`Next, real handwriting: ${invocation()} train --dataset mnist`);
  target?.check(config.training.epochs);
}

function nameOf({ name, model }: Config): string {
  if ('layers' in model) return name ?? 'the network';
  return (model as PartConfig).type;
}

async function reportFor({ json }: TrainArguments, stream: NodeJS.WriteStream): Promise<TrainingReport> {
  if (json) return new JsonReport(stream);
  if (!isTerminal(stream)) return new TextReport((line) => stream.write(`${line}\n`));
  const { TerminalReport } = await import('./terminal-report.js');
  return new TerminalReport(stream);
}

async function train(
  model: Model,
  data: TrainingData,
  plan: TrainPlan & RecorderPlan,
  report: TrainingReport,
  signal: AbortSignal,
): Promise<TrainingResult> {
  const { config, folder, target } = plan;
  const { threads, isa, memoryLimit } = config;
  const { validation, targetAccuracy, ...training } = config.training;
  const recorder = new Recorder(plan);
  let [epoch, step] = [1, 0];
  try {
    for await (const event of model.train(data.train, {
      ...training,
      ...(validation && { validationData: data.test }),
      signal,
      ...(threads !== undefined && { threads }),
      ...(isa !== undefined && { isa }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      ...(config.augment !== undefined && { augment: config.augment }),
      callbacks: [...buildCallbacks(config), recorder],
      ...(await checkpointing(plan)),
    })) {
      ({ epoch, step } = event);
      if (event.event === 'resume' && recorder.reached) break;
      report.event(event);
      if (event.event === 'step') await folder?.add(event);
      if (event.event === 'epoch' && recorder.reached) break;
    }
  } catch (error) {
    throw error instanceof StoppedError && recorder.begun ? await stopped(error, model, plan, epoch) : error;
  }
  const { history, last } = recorder;
  const { validationViews: views = {} } = training;
  const isTested = last?.valLoss !== undefined && last.step === step && !restoresWeights(config);
  const tested = isTested
    ? { loss: last.valLoss, accuracy: last.valAccuracy }
    : await model.evaluate(data.test, {
        signal,
        views,
        ...(threads !== undefined && { threads }),
        ...(isa !== undefined && { isa }),
        // As for tests after an epoch, one batch size decides for all steps under a limit.
        ...(memoryLimit !== undefined && { memoryLimit, batchSize: Math.min(EVALUATION_BATCH, training.batchSize) }),
      });
  return {
    testAccuracy: tested.accuracy ?? Number.NaN,
    testLoss: tested.loss,
    seconds: history.seconds,
    imagesPerSecond: history.imagesPerSecond,
    ...(target && { targetAccuracy: target.target, timeToAccuracy: target.seconds }),
  };
}

/** Whether the model at the end may be another than after the last epoch. */
function restoresWeights({ callbacks = [] }: Config): boolean {
  return callbacks.some(({ type, restoreBestWeights }) => type === 'earlyStopping' && restoreBestWeights === true);
}

/** Keeps what can be kept of a training that was stopped, and says so. */
async function stopped(reason: StoppedError, model: Model, plan: TrainPlan, epoch: number) {
  const { config, folder } = plan;
  if (folder) await model.save(folder.model);
  const kept =
    config.out === undefined
      ? 'nothing was kept, for there was no --out'
      : `the model with its weights so far is in ${config.out}`;
  const message =
    reason.message === ''
      ? ''
      : `${reason.message} in epoch ${epoch} of ${config.training.epochs}; ${kept}.${wayToGoOn(plan, invocation())}`;
  return new StoppedError(message, reason.exitCode);
}

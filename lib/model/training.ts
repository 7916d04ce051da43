import type { TrainingData } from '../data/dataset.js';
import type { Evaluation } from '../metrics/index.js';
import { CallbackList } from '../training/callback-list.js';
import { Checkpoints } from '../training/checkpoints.js';
import { trainEpoch } from '../training/epoch.js';
import { checkLimits, checkPlan, type TrainEventOptions, validationOptions } from '../training/options.js';
import { type Resumed, resume } from '../training/resume.js';
import { Session } from '../training/session.js';
import { useAverages, useTrained, withAverages, writeWeights } from './average-weights.js';
import { valuesFromData } from './data-initialization.js';
import { takeCopy } from './epoch-chunks.js';
import { evaluate } from './evaluation.js';
import { type EpochEvent, type TrainingEvent, VALIDATION_NAMES, type ValidationNumbers } from './events.js';
import { History } from './history.js';
import type { Model } from './model.js';
import type { Runtime } from './runtime.js';

export { TRAIN_OPTIONS, type TrainEventOptions, type TrainOptions } from '../training/options.js';

/** Trains, giving events. The consumer may stop at any time by leaving its loop. `history` takes what epochs give. */
export async function* train(
  who: string,
  model: Model,
  runtime: Runtime,
  data: TrainingData,
  options: TrainEventOptions,
  history = new History(),
): AsyncGenerator<TrainingEvent, void, undefined> {
  runtime.compiled(who);
  const plan = checkPlan(who, runtime, data, options);
  checkLimits(runtime, plan);
  takeCopy(plan.data);
  takeCopy(plan.validationData);
  const release = runtime.beginTraining(who);
  try {
    await useTrained(runtime);
    const session = new Session(model, runtime, plan, history);
    const callbacks = new CallbackList(plan.callbacks);
    const checkpoints = plan.checkpoint && new Checkpoints(session, plan.checkpoint);
    plan.settings.signal?.throwIfAborted();
    await checkpoints?.open();
    const resumed = await resume(session, checkpoints);
    if (!resumed && runtime.awaitingData.size > 0) {
      await writeWeights(runtime, await valuesFromData(who, runtime, plan.data, plan.settings));
    }
    runtime.awaitingData = new Set();
    yield* accompanied(session, callbacks, checkpoints, resumed);
  } finally {
    try {
      await useAverages(runtime);
    } finally {
      release();
    }
  }
}

/** The training from its begin to its end, with what callbacks and checkpoints do around it. */
async function* accompanied(
  session: Session,
  callbacks: CallbackList,
  checkpoints: Checkpoints | undefined,
  resumed: Resumed | undefined,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { signal } = session.plan.settings;
  let failed = false;
  try {
    await callbacks.onTrainBegin(session);
    if (resumed) {
      callbacks.restore(resumed.callbackStates);
      yield resumed.event;
    } else if (session.stopped && checkpoints) {
      // Stopped before its first epoch.
      yield* checkpoints.write();
    }
    yield* trainEpochs(session, callbacks, checkpoints);
  } catch (error) {
    failed = true;
    if (signal?.aborted && error === signal.reason && !callbacks.atOdds) await checkpoints?.writeOnAbort();
    throw error;
  } finally {
    session.releaseMemory();
    // What callbacks see, and may set, is what the model has afterwards.
    await useAverages(session.runtime);
    const failure = await callbacks.onTrainEnd(session);
    // What made the training fail is what its caller must hear of.
    if (failure && !failed) throwOf(failure);
  }
}

function throwOf({ error }: { readonly error: unknown }): never {
  throw error;
}

async function* trainEpochs(
  session: Session,
  callbacks: CallbackList,
  checkpoints: Checkpoints | undefined,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { epochs } = session.plan;
  // An epoch that was cut short is closed too.
  while (session.epoch <= epochs && (!session.stopped || session.epochStep > 0)) {
    if (!session.epochBegun) await callbacks.onEpochBegin(session);
    session.epochBegun = true;
    yield* trainEpoch(session, callbacks, checkpoints);
    // Stopped before its first step, an epoch has nothing to tell.
    if (session.epochStep === 0) {
      if (checkpoints) yield* checkpoints.write();
      return;
    }
    // Training and validation need not fit in memory side by side.
    if (session.plan.validationData) session.releaseMemory();
    const event = await withAverages(session.runtime, async () => {
      const closed = await closeEpoch(session);
      await callbacks.onEpochEnd(closed, session);
      return closed;
    });
    session.history.add(event);
    session.endEpoch();
    const last = session.stopped || session.epoch > epochs;
    if (checkpoints?.isDueAfter(event, last)) yield* checkpoints.write();
    yield event;
  }
}

/** The event of an epoch whose steps are done. */
async function closeEpoch({
  plan,
  runtime,
  totals,
  epoch,
  step,
  epochSamples,
  milliseconds,
}: Session): Promise<EpochEvent> {
  const seconds = milliseconds / 1000;
  const { validationData } = plan;
  const validation = validationData && (await evaluate(runtime, validationData, validationOptions(plan)));
  return {
    event: 'epoch',
    epoch,
    step,
    ...totals.means(),
    ...(validation && validationNumbers(validation)),
    seconds,
    imagesPerSecond: epochSamples / seconds,
  };
}

/** Under the names they have in events. */
function validationNumbers(validation: Evaluation): ValidationNumbers {
  const numbers = VALIDATION_NAMES.map(([name, own]) => [name, validation[own]] as const);
  return Object.fromEntries(numbers.filter(([, value]) => value !== undefined));
}

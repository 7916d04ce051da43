import { type EpochChunk, epochChunks } from '../model/epoch-chunks.js';
import type { StepEvent, TrainingEvent } from '../model/events.js';
import { stepScalars } from '../model/step-scalars.js';
import { ProgramRun } from '../program/program-run.js';
import { STEP_METRICS } from '../program/step-metrics.js';
import type { CallbackList } from './callback-list.js';
import type { Checkpoints } from './checkpoints.js';
import { explainNonFinite } from './non-finite.js';
import type { Session } from './session.js';

/** The steps of the epoch at work that are not done yet, up to its end or until the training is stopped. */
export async function* trainEpoch(
  session: Session,
  callbacks: CallbackList,
  checkpoints: Checkpoints | undefined,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { plan, runtime } = session;
  const { batchSize, data } = plan;
  const order = plan.order(runtime.seed, runtime.epochs);
  const done = session.epochStep * batchSize;
  if (done >= order.length) return;
  const options = { batchSize, done, signal: plan.settings.signal };
  for await (const chunk of epochChunks(data, order, options)) {
    const begin = session.epochStep;
    const end = begin + Math.ceil(chunk.order.length / batchSize);
    while (session.epochStep < end && !session.stopped) {
      const left = end - session.epochStep;
      const most = callbacks.steps ? 1 : Math.min(left, checkpoints?.stepsUntilDue() ?? left);
      yield* trainSteps(session, callbacks, checkpoints, chunkOf(chunk, session.epochStep - begin, most, batchSize));
      // At an epoch's end it is written once all that belongs to the epoch is done.
      if (checkpoints?.isDue() && session.epochStep < plan.stepsPerEpoch) yield* checkpoints.write();
    }
    if (session.stopped) return;
  }
}

/** The samples of some steps of a chunk. */
function chunkOf(chunk: EpochChunk, firstStep: number, steps: number, batchSize: number): EpochChunk {
  const part = (indices: Int32Array) => indices.subarray(firstStep * batchSize, (firstStep + steps) * batchSize);
  return { ...chunk, order: part(chunk.order), keys: part(chunk.keys) };
}

/** All steps of a chunk in one run; fewer when something must happen between two steps. */
async function* trainSteps(
  session: Session,
  callbacks: CallbackList,
  checkpoints: Checkpoints | undefined,
  chunk: EpochChunk,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { plan, runtime } = session;
  const { settings, batchSize } = plan;
  const factor = session.learningRateFactor;
  const begun = performance.now();
  const milliseconds = session.milliseconds;
  let taken = 0;
  const run = new ProgramRun(
    session.program,
    {
      ...chunk,
      stores: runtime.stores('train'),
      batchSize,
      scalars: scalarsOf(session, Math.ceil(chunk.order.length / batchSize)),
      firstStep: runtime.steps,
      epoch: runtime.epochs,
      threads: settings.threads,
      stopAtNonFinite: plan.terminateOnNaN,
      keepMemory: true,
    },
    settings.signal,
  );
  /** Steps that are done are taken in one after another: a callback finds the training behind the step it is told of. */
  function* absorb(): Generator<StepEvent, void, undefined> {
    session.milliseconds = milliseconds + performance.now() - begun;
    const records = run.native.metrics(taken);
    for (let first = 0; first < records.length; first += STEP_METRICS.length) {
      taken++;
      yield session.absorb(records.subarray(first, first + STEP_METRICS.length));
    }
  }
  async function* tell(): AsyncGenerator<StepEvent, void, undefined> {
    for (const event of absorb()) {
      await callbacks.onStep(event, session);
      if (plan.logEvery > 0 && event.step % plan.logEvery === 0) yield event;
    }
  }
  try {
    for (let done = false; !done; ) {
      done = await run.next();
      const before = taken;
      yield* tell();
      if (session.stopped || session.learningRateFactor !== factor || checkpoints?.isDue()) {
        await run.stop();
        yield* tell();
        break;
      }
      // The steps of one event are at times taken in with the event before.
      if (!done && taken > before) yield progress(session);
    }
  } catch (error) {
    await run.stop();
    // A resumed training will not tell of these steps.
    if (settings.signal?.aborted && error === settings.signal.reason) yield* tell();
    throw error;
  } finally {
    await run.stop();
    // Those that nobody is told of any more are counted too.
    Array.from(absorb());
  }
  if (run.native.metNonFinite()) throw await explainNonFinite(session, chunkOf(chunk, taken, 1, batchSize));
}

function scalarsOf({ runtime, plan, step, learningRateFactor }: Session, count: number): Float64Array {
  const { epochs, stepsPerEpoch } = plan;
  const { optimizer } = runtime.compiled(plan.who);
  return stepScalars(optimizer, {
    first: step,
    count,
    steps: epochs * stepsPerEpoch,
    stepsPerEpoch,
    updates: runtime.updates,
    factor: learningRateFactor,
  });
}

function progress({ plan, totals, epoch, epochStep, step, epochSamples, milliseconds }: Session): TrainingEvent {
  const { epochs, stepsPerEpoch, samplesPerEpoch } = plan;
  const imagesPerSecond = (epochSamples / milliseconds) * 1000;
  const samplesLeft = (epochs - epoch + 1) * samplesPerEpoch - epochSamples;
  return {
    event: 'progress',
    epoch,
    step,
    epochStep,
    stepsPerEpoch,
    ...totals.means(),
    imagesPerSecond,
    secondsLeft: Math.max(0, samplesLeft / imagesPerSecond),
  };
}

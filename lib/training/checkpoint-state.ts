import type { Callback } from '../callbacks/callback.js';
import { CheckpointError, InvalidArgumentError } from '../errors/index.js';
import type { MeansState } from '../metrics/index.js';
import type { HistoryState } from '../model/history.js';
import type { Tensor } from '../model/safetensors.js';
import { describeModel } from '../model/save-model.js';
import { fromExactJson, toExactJson } from '../util/exact-json.js';
import { sameShape } from '../util/shape.js';
import { keptOf } from './callback-list.js';
import { faultOfState } from './check-state.js';
import type { CheckpointContent } from './checkpoint-file.js';
import type { Session } from './session.js';

/** The epoch that was best by a number. */
export interface Best {
  readonly value: number;
  /** Of its checkpoint. */
  readonly step: number;
}

/** What must be the same in the training that goes on. */
export type Conditions = Readonly<Record<string, unknown>>;

/** All of a training but what lies in its tensors: plain data. */
interface CheckpointState {
  readonly conditions: Conditions;
  /** Over the model's life: what is drawn at random follows from these and the seed. */
  readonly counters: { readonly epochs: number; readonly steps: number; readonly updates: number };
  readonly position: {
    readonly epoch: number;
    readonly stepsBefore: number;
    readonly epochStep: number;
    readonly epochBegun: boolean;
    readonly totals: MeansState;
    readonly milliseconds: number;
    readonly stopped: boolean;
  };
  readonly learningRateFactor: number;
  readonly history: HistoryState;
  readonly callbacks: readonly { readonly type: string; readonly state?: unknown }[];
  readonly best?: Best | undefined;
}

/** As plain data that survives JSON. */
export function conditionsOf({ runtime, plan }: Session): Conditions {
  const { nodes: layers, seed, compiled, ...rest } = describeModel(runtime);
  const { data, batchSize, stepsPerEpoch, sampling, augment } = plan;
  const { optimizer, loss, metrics } = compiled ?? {};
  const inputs = rest.inputs ?? rest.input;
  const all = {
    inputs,
    layers,
    seed,
    optimizer,
    loss,
    metrics,
    samples: data.size,
    ...sampling,
    batchSize,
    stepsPerEpoch,
    augment: augment?.map((one) => one.config()),
  };
  return JSON.parse(JSON.stringify(all)) as Conditions;
}

/** Objects without a prototype count as plain ones. */
function typeOf(callback: Callback): string {
  return (callback.constructor as { readonly name: string } | undefined)?.name ?? 'Object';
}

/** The training as it stands between two steps. @throws InvalidArgumentError when a callback's state is no plain data */
export async function capture(session: Session, conditions: Conditions, best?: Best): Promise<CheckpointContent> {
  const { runtime, plan, totals, history } = session;
  const { epoch, stepsBefore, epochStep, epochBegun, milliseconds, stopped, learningRateFactor } = session;
  const stores = await Promise.all(runtime.stores('train').map((store) => store.read()));
  const tensors = new Map<string, Tensor>();
  for (const [name, { store, slot, shape }] of tensorPlaces(session, stores)) {
    tensors.set(name, { data: stores[store]?.[slot] as Float32Array, shape });
  }
  const state: CheckpointState = {
    conditions,
    counters: { epochs: runtime.epochs, steps: runtime.steps, updates: runtime.updates },
    position: { epoch, stepsBefore, epochStep, epochBegun, totals: totals.state(), milliseconds, stopped },
    learningRateFactor,
    history: {
      epoch: history.epoch,
      history: { ...history.history },
      seconds: history.seconds,
      imagesPerSecond: history.imagesPerSecond,
    },
    callbacks: keptOf(plan.callbacks).map((callback) => ({ type: typeOf(callback), state: callback.state?.() })),
    best,
  };
  const arrays: Float32Array[] = [];
  let text: string;
  try {
    text = toExactJson(state, arrays);
  } catch (error) {
    const reason = (error as Error).message;
    throw new InvalidArgumentError(`${plan.who}: expected plain data of state() of every callback: ${reason}.`, {
      cause: error,
    });
  }
  for (const [i, data] of arrays.entries()) tensors.set(`callbacks/${i}`, { data, shape: [data.length] });
  return { tensors, state: text };
}

/** What of a checkpoint is not the training's own. */
export interface Restored {
  readonly best: Best | undefined;
  readonly callbackStates: readonly unknown[];
}

/**
 * Puts a training where a checkpoint left it.
 *
 * @throws CheckpointError unless model, options and data are those it was written with, or for fewer epochs than have begun
 */
export async function restore(
  session: Session,
  conditions: Conditions,
  path: string,
  { tensors, state: text }: CheckpointContent,
): Promise<Restored> {
  const { runtime, plan } = session;
  const arrays: Float32Array[] = [];
  for (let i = 0; tensors.has(`callbacks/${i}`); i++) arrays.push(tensors.get(`callbacks/${i}`)?.data as Float32Array);
  const state = parseState(plan, path, text, arrays);
  checkConditions(plan.who, path, state.conditions, conditions);
  checkEpochs(plan, path, state.position);
  const types = keptOf(plan.callbacks).map(typeOf);
  checkSame(
    plan.who,
    path,
    'callbacks',
    state.callbacks.map(({ type }) => type),
    types,
  );
  const stores = runtime.stores('train');
  const values = await Promise.all(stores.map((store) => store.read()));
  for (const [name, { store, slot, shape }] of tensorPlaces(session, values)) {
    const tensor = tensors.get(name);
    if (!tensor || !sameShape(tensor.shape, shape)) checkSame(plan.who, path, name, tensor?.shape ?? 'none', shape);
    (values[store] as Float32Array[])[slot] = tensor?.data as Float32Array;
  }
  await Promise.all(stores.map((store, i) => store.write(values[i] as Float32Array[])));
  const { totals, ...position } = state.position;
  Object.assign(runtime, state.counters);
  Object.assign(session, position);
  session.totals.restore(totals);
  session.learningRateFactor = state.learningRateFactor;
  session.history.restore(state.history);
  return { best: state.best, callbackStates: state.callbacks.map((callback) => callback.state) };
}

function parseState(
  { who, stepsPerEpoch }: Session['plan'],
  path: string,
  text: string,
  arrays: readonly Float32Array[],
): CheckpointState {
  const fail = (received: string): never => {
    throw new CheckpointError(`${who}: expected the state of a training in ${path}, received ${received}.`, path);
  };
  let state: unknown;
  try {
    state = fromExactJson(text, arrays);
  } catch (error) {
    return fail((error as Error).message);
  }
  const fault = faultOfState(state);
  if (fault !== undefined) return fail(fault);
  const { epochStep } = (state as CheckpointState).position;
  if (epochStep > stepsPerEpoch) fail(`step ${epochStep} of an epoch of ${stepsPerEpoch}`);
  return state as CheckpointState;
}

/** Where each tensor lies in the stores: parameters by their names, what the optimizer keeps by its slots. */
function tensorPlaces({ runtime }: Session, stores: readonly (readonly { readonly length: number }[])[]) {
  const { parameters } = runtime.graph;
  return stores.flatMap((slots, store) =>
    slots.map(({ length }, slot): [string, { store: number; slot: number; shape: readonly number[] }] => {
      const parameter = store === 0 ? parameters.find((candidate) => candidate.slot === slot) : undefined;
      return parameter
        ? [`parameters/${parameter.name}`, { store, slot, shape: parameter.shape }]
        : [`state/${store}/${slot}`, { store, slot, shape: [length] }];
    }),
  );
}

/** Epochs may be added; those that have begun cannot be taken back. */
function checkEpochs({ who, epochs }: Session['plan'], path: string, position: CheckpointState['position']): void {
  const { epoch, epochStep, epochBegun } = position;
  const begun = epochBegun || epochStep > 0 ? epoch : epoch - 1;
  if (epochs >= begun) return;
  throw new CheckpointError(
    `${who}: expected at least ${begun} for epochs, as many as the training of the checkpoint ${path} has begun, received ${epochs}. ` +
      'Ask for that many or more, or begin anew in another folder.',
    path,
  );
}

function checkConditions(who: string, path: string, then: Conditions, now: Conditions): void {
  for (const name of new Set([...Object.keys(then), ...Object.keys(now)])) {
    const [a, b] = [then[name], now[name]];
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) checkSame(who, path, name, a, b);
    else for (const [i, one] of a.entries()) checkSame(who, path, `${name} at position ${i}`, one, b[i]);
  }
}

function checkSame(who: string, path: string, name: string, then: unknown, now: unknown): void {
  const [expected, received] = [JSON.stringify(then), JSON.stringify(now)];
  if (expected === received) return;
  throw new CheckpointError(
    `${who}: expected ${name} as in the checkpoint ${path}, ${expected}, received ${received}. Resume with the model, options and data of ` +
      'the training that wrote it, or begin anew in another folder.',
    path,
  );
}

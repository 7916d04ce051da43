import type { FloatArray } from '../native.js';
import type { Runtime } from './runtime.js';

/** Puts averaged weights in the place of the trained ones, which wait in the optimizer's state. Does nothing without averages. */
export async function useAverages(runtime: Runtime): Promise<void> {
  if (runtime.averaged || !hasAverages(runtime)) return;
  const exchanged = exchange(runtime);
  // At once: weights that are written from now on are written after the exchange.
  runtime.averaged = true;
  await exchanged.catch((error: unknown) => {
    runtime.averaged = false;
    throw error;
  });
}

/** Puts the trained weights back, for training to go on. */
export async function useTrained(runtime: Runtime): Promise<void> {
  if (!runtime.averaged) return;
  await exchange(runtime);
  runtime.averaged = false;
}

/** Looks at the averaged weights between two steps of a training. */
export async function withAverages<Result>(runtime: Runtime, look: () => Promise<Result>): Promise<Result> {
  await useAverages(runtime);
  try {
    return await look();
  } finally {
    await useTrained(runtime);
  }
}

/**
 * Sets weights, one entry a parameter, `null` for those that stay: of averages and trained weights alike, so that a training goes on from
 * what was set. Slow weights are set at any time, for the weights return to them; an average kept apart only while it has changed places
 * with the trained ones.
 */
export async function writeWeights(runtime: Runtime, values: readonly (FloatArray | null)[]): Promise<void> {
  const writes = [runtime.parameters.write(values)];
  const { average } = runtime.compiledOrNone?.optimizer ?? {};
  if (average && (runtime.averaged || !average.apart)) writes.push(writeAverages(runtime, values));
  await Promise.all(writes);
}

/** An average is kept apart, and an update has entered it. */
function hasAverages(runtime: Runtime): boolean {
  const { average, accumulate = 1 } = runtime.compiled('cnnative').optimizer;
  return average?.apart === true && runtime.updates >= accumulate;
}

async function exchange(runtime: Runtime): Promise<void> {
  const { averageState = 0 } = runtime.compiled('cnnative').optimizer;
  const { parameters } = runtime.graph;
  const slots = parameters.filter(({ frozen }) => !frozen).map(({ slot }) => slot);
  const averages = slots.map((slot) => averageState * parameters.length + slot);
  await runtime.parameters.exchange(slots, runtime.optimizerState, averages);
}

/** Into the slots of the averages. */
function writeAverages(runtime: Runtime, values: readonly (FloatArray | null)[]): Promise<void> {
  const { averageState = 0, stateSlots } = runtime.compiled('cnnative').optimizer;
  const slots = new Array<FloatArray | null>(stateSlots * values.length).fill(null);
  values.forEach((value, i) => {
    slots[averageState * values.length + i] = value;
  });
  return runtime.optimizerState.write(slots);
}

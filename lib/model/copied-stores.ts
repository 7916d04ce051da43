import { type NativeVariables, native } from '../native.js';
import { sizeOf } from '../util/shape.js';
import type { Runtime } from './runtime.js';

/** Stores as a program of this mode works on: the weights as they are now, and an optimizer that begins. */
export async function copiedStores(
  who: string,
  runtime: Runtime,
  mode: 'train' | 'predict',
): Promise<NativeVariables[]> {
  // Another compile while weights are read is not to be seen.
  const stateSlots = mode === 'train' ? runtime.compiled(who).optimizer.stateSlots : 0;
  const slots = runtime.graph.parameters.map(({ shape }) => sizeOf(shape));
  const parameters = new native.Variables('float32', slots);
  await parameters.write(await runtime.parameters.read());
  if (mode === 'predict') return [parameters];
  const state = Array.from({ length: stateSlots }, () => slots).flat();
  return [parameters, new native.Variables('float32', state)];
}

import { type NativeVariables, native } from '../native.js';
import { sizeOf } from '../util/shape.js';
import type { Runtime } from './runtime.js';

/** Stores as a program of this mode works on: the weights as they are now, and an optimizer that begins. */
export async function copiedStores(
  who: string,
  runtime: Runtime,
  mode: 'train' | 'predict',
): Promise<NativeVariables[]> {
  const slots = runtime.graph.parameters.map(({ shape }) => sizeOf(shape));
  const parameters = new native.Variables('float32', slots);
  await parameters.write(await runtime.parameters.read());
  if (mode === 'predict') return [parameters];
  const { optimizer } = runtime.compiled(who);
  const state = Array.from({ length: optimizer.stateSlots }, () => slots).flat();
  return [parameters, new native.Variables('float32', state)];
}

import { macsOf } from '../program/profile.js';
import type { Runtime } from './runtime.js';

/** Multiply-adds of one sample going forward, as the definition of convolutions and dense layers has them, whatever kernels save. */
export function multiplyAdds(runtime: Runtime): number {
  // The scalar kernels run everywhere; calls have the same attributes on all instruction sets.
  const { calls } = runtime.newProgram('predict', 1, 'scalar').description;
  return calls.reduce((sum, call) => sum + macsOf(call), 0);
}

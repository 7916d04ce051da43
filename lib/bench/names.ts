/** Names of the benchmark networks. Apart from them, so that the command line can list them without native code. */
export const WORKLOAD_NAMES = [
  'lenet5',
  'twoconv',
  'oneconv',
  'padded5x5',
  'cifarquick',
  'resnet20',
  'vggbn',
  'separable',
] as const;

export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

export { PHASES, type Phase } from '../model/phases.js';

import type { WorkloadName } from '../names.js';
import { cifarquick } from './cifarquick.js';
import { lenet5 } from './lenet5.js';
import { oneconv } from './oneconv.js';
import { padded5x5 } from './padded5x5.js';
import { resnet20 } from './resnet20.js';
import { separable } from './separable.js';
import { twoconv } from './twoconv.js';
import { vggbn } from './vggbn.js';
import type { Workload } from './workload.js';

/** The benchmark networks by name. */
export const workloads: Readonly<Record<WorkloadName, Workload>> = {
  lenet5,
  twoconv,
  oneconv,
  padded5x5,
  cifarquick,
  resnet20,
  vggbn,
  separable,
};

export type { Workload } from './workload.js';

import type { WorkloadName } from '../names.js';
import { lenet5 } from './lenet5.js';
import type { Workload } from './workload.js';

/** The benchmark networks by name. */
export const workloads: Readonly<Record<WorkloadName, Workload>> = { lenet5 };

export type { Workload } from './workload.js';

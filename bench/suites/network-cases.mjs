import { workloads } from '../../dist/bench/workloads/index.js';

/** Every network with every batch size asked for, or with its own. */
export function networkCases({ workloads: names, batches, seconds, threads }, phase, only = names) {
  return names
    .filter((workload) => only.includes(workload))
    .flatMap((workload) =>
      (batches ?? [workloads[workload].batchSize]).map((batch) => ({ workload, phase, batch, seconds, threads })),
    );
}

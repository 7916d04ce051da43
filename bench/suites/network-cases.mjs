import { workloads } from '../../dist/bench/workloads/index.js';
import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';

/** Every network with every batch size asked for, or with its own. */
export function networkCases({ workloads: names, batches, seconds, threads }, phase, only = names) {
  return names
    .filter((workload) => only.includes(workload))
    .flatMap((workload) =>
      (batches ?? [workloads[workload].batchSize]).map((batch) => ({ workload, phase, batch, seconds, threads })),
    );
}

/** Rows of whole networks in one phase, against every peer that has it. */
export async function networkRows(context, phase) {
  const { pytorch, onnxruntime, tfjs } = context.peers;
  const rows = [];
  for (const settings of networkCases(context, phase)) {
    await context.check(settings.workload);
    const peers = {};
    if (onnxruntime && phase === 'infer') peers.onnxruntime = onnxruntime.infer(settings);
    if (pytorch) peers.pytorch = pytorch.network(settings);
    if (tfjs) peers.tfjs = tfjs.network(settings);
    const cells = { network: settings.workload, batch: settings.batch };
    const metrics = { imagesPerSecond: {} };
    const options = { cells, metrics, better: 'higher', own: () => own.network(settings), peers };
    rows.push(...(await inTurn(context, options)));
  }
  return rows;
}

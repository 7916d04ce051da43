import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';

export const title = 'Latency: one image, from the call to its result';
export const unit = 'µs';
export const better = 'lower';

const metrics = {
  median: { group: 'median', cells: { quantile: 'median' } },
  p90: { group: 'p90', cells: { quantile: 'p90' } },
};

export async function run(context) {
  const { onnxruntime } = context.peers;
  const { seconds, threads } = context;
  const rows = [];
  for (const workload of context.workloads) {
    await context.check(workload);
    const settings = { workload, seconds, threads };
    const peers = onnxruntime ? { onnxruntime: onnxruntime.latency(settings) } : {};
    const cells = { network: workload };
    rows.push(...(await inTurn(context, { cells, metrics, better, own: () => own.latency(settings), peers })));
  }
  return rows;
}

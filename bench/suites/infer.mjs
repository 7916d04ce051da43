import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';
import { networkCases } from './network-cases.mjs';

export const title = 'Inference of batches';
export const unit = 'images/s';
export const better = 'higher';

export async function run(context) {
  const { pytorch, onnxruntime, tfjs } = context.peers;
  const rows = [];
  for (const settings of networkCases(context, 'infer')) {
    await context.check(settings.workload);
    const peers = {};
    if (onnxruntime) peers.onnxruntime = onnxruntime.infer(settings);
    if (pytorch) peers.pytorch = pytorch.network(settings);
    if (tfjs) peers.tfjs = tfjs.network(settings);
    const cells = { network: settings.workload, batch: settings.batch };
    const metrics = { imagesPerSecond: {} };
    rows.push(...(await inTurn(context, { cells, metrics, better, own: () => own.network(settings), peers })));
  }
  return rows;
}

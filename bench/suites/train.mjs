import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';
import { networkCases } from './network-cases.mjs';

export const title = 'Training: a whole step on a fixed batch';
export const unit = 'images/s';
export const better = 'higher';

export async function run(context) {
  const { pytorch, tfjs } = context.peers;
  const rows = [];
  for (const settings of networkCases(context, 'train')) {
    await context.check(settings.workload);
    const peers = {};
    if (pytorch) peers.pytorch = pytorch.network(settings);
    if (tfjs) peers.tfjs = tfjs.network(settings);
    const cells = { network: settings.workload, batch: settings.batch };
    const metrics = { imagesPerSecond: {} };
    rows.push(...(await inTurn(context, { cells, metrics, better, own: () => own.network(settings), peers })));
  }
  return rows;
}

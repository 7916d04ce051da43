import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';
import { networkCases } from './network-cases.mjs';

export const title = 'Threads: training with all of them against one';
export const unit = 'images/s';
export const better = 'higher';

/** Networks that give every thread enough to do. */
const NETWORKS = ['resnet20', 'vggbn'];

export async function run(context) {
  if (context.threads === 1) return [];
  const rows = [];
  for (const settings of networkCases(context, 'train', NETWORKS)) {
    const cells = { network: settings.workload, batch: settings.batch, threads: settings.threads };
    const peers = { 'cnnative, 1 thread': () => own.network({ ...settings, threads: 1 }) };
    const measure = () => own.network(settings);
    rows.push(...(await inTurn(context, { cells, metrics: { imagesPerSecond: {} }, better, own: measure, peers })));
  }
  return rows;
}

import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';
import { networkCases } from './network-cases.mjs';

export const title = 'Memory: the most a process had resident that trains a network';
export const unit = 'MB';
export const better = 'lower';

const megabytes = (measured) => ({
  values: { peakMemory: measured.values.peakMemoryBytes && measured.values.peakMemoryBytes / 1e6 },
  note: measured.note,
});

export async function run(context) {
  const { pytorch } = context.peers;
  const rows = [];
  for (const settings of networkCases(context, 'train')) {
    await context.check(settings.workload);
    const measurePeer = pytorch?.network(settings, (values) => -values.peakMemoryBytes);
    const peers = pytorch ? { pytorch: async () => megabytes(await measurePeer()) } : {};
    const cells = { network: settings.workload, batch: settings.batch };
    const measure = async () => megabytes(await own.network(settings));
    rows.push(...(await inTurn(context, { cells, metrics: { peakMemory: {} }, better, own: measure, peers })));
  }
  return rows;
}

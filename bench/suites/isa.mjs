import { info } from 'cnnative';
import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';
import { networkCases } from './network-cases.mjs';

export const title = 'Instruction sets: training with the best against the next';
export const unit = 'images/s';
export const better = 'higher';

export async function run(context) {
  const [best, next] = info().isas.filter((isa) => isa !== 'scalar');
  if (!next) return [];
  const rows = [];
  for (const settings of networkCases(context, 'train')) {
    const cells = { network: settings.workload, batch: settings.batch, isa: best };
    const measure = (isa) => () => own.network(settings, { CNNATIVE_ISA: isa });
    const peers = { [`cnnative, ${next}`]: measure(next) };
    rows.push(
      ...(await inTurn(context, { cells, metrics: { imagesPerSecond: {} }, better, own: measure(best), peers })),
    );
  }
  return rows;
}

import { fileURLToPath } from 'node:url';
import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';
import { nominalBytes, readLayers } from '../shapes.mjs';

export const title = 'Layers bound by memory, forward and backward';
export const unit = 'ms';
export const better = 'lower';

const list = fileURLToPath(new URL('../layers.txt', import.meta.url));
const metrics = Object.fromEntries(['forward', 'backward'].map((pass) => [pass, { group: pass, cells: { pass } }]));

export async function run(context) {
  const { pytorch } = context.peers;
  const rows = [];
  for (const layer of readLayers(list)) {
    const peers = pytorch ? { pytorch: pytorch.layer(layer, context) } : {};
    const cells = { layer: layer.name, batch: layer.batch };
    rows.push(
      ...(await inTurn(context, { cells, metrics, better, own: () => own.layer(layer, context), peers })).map((row) =>
        withRate(row, layer),
      ),
    );
  }
  return rows;
}

/** GB/s of ours from nominal bytes and the median time. */
function withRate(row, layer) {
  return { ...row, gigabytesPerSecond: nominalBytes(layer)[row.group] / row.own.median / 1e6 };
}

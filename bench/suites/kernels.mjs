import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';

export const title = 'Convolutions: forward, gradient of data, gradient of weights';
export const unit = 'GFLOP/s';
export const better = 'higher';

const metrics = Object.fromEntries(
  ['forward', 'data', 'weights'].map((direction) => [direction, { group: direction, cells: { direction } }]),
);

export async function run(context) {
  const { onednn } = context.peers;
  const rows = [];
  for (const shape of context.convolutions) {
    const plain = shape.dilation === 1 && !shape.transposed;
    const peers = onednn && plain ? { onednn: onednn.convolution(shape, context) } : {};
    const cells = { list: shape.list, convolution: shape.name, batch: shape.batch };
    rows.push(
      ...(await inTurn(context, { cells, metrics, better, own: () => own.convolution(shape, context), peers })),
    );
  }
  return rows;
}

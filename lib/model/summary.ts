import Table from 'cli-table3';
import { formatShape, sizeOf } from '../util/shape.js';
import type { Graph } from './graph.js';

/** A table of layers, output shapes and parameters. */
export function summarize({ inputShape, nodes }: Graph): string {
  const table = new Table({
    head: ['layer', 'kind', 'output shape', 'parameters'],
    colAligns: ['left', 'left', 'left', 'right'],
    style: { head: [], border: [] },
  });
  table.push(['input', '', formatShape(inputShape), '']);
  let total = 0;
  for (const { name, layer, outputShape, parameters } of nodes) {
    const count = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    total += count;
    table.push([name, layer.type, formatShape(outputShape), count.toLocaleString('en-US')]);
  }
  table.push([{ content: 'total', colSpan: 3 }, total.toLocaleString('en-US')]);
  return table.toString();
}

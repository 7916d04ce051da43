import Table from 'cli-table3';
import { formatShape, sizeOf } from '../util/shape.js';
import type { Graph } from './graph.js';

/** A table of layers, output shapes and parameters. */
export function summarize({ inputs, nodes, parameters: all }: Graph): string {
  const table = new Table({
    head: ['layer', 'kind', 'output shape', 'parameters'],
    colAligns: ['left', 'left', 'left', 'right'],
    style: { head: [], border: [] },
  });
  for (const { name, shape } of inputs) table.push([name, '', formatShape(shape), '']);
  for (const { name, layer, outputShape, parameters } of nodes) {
    table.push([name, layer.type, formatShape(outputShape), valuesIn(parameters).toLocaleString('en-US')]);
  }
  table.push([{ content: 'total', colSpan: 3 }, valuesIn(all).toLocaleString('en-US')]);
  return table.toString();
}

function valuesIn(parameters: Graph['parameters']): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

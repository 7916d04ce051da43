import { createRequire } from 'node:module';
import { formatBytes } from '../util/bytes.js';
import { formatShape, sizeOf } from '../util/shape.js';
import type { Graph } from './graph.js';
import type { RunMemory } from './run-memory.js';

type Cell = string | { content: string; colSpan: number; hAlign?: 'right' };

const LAYER_HEAD = ['layer', 'kind', 'output shape', 'parameters'];
const MEMORY_HEAD = ['activations', 'gradients', 'shared'];

/** A table of layers, output shapes and parameters. */
export function summarize(graph: Graph): string {
  return asTable(LAYER_HEAD, [...layerRows(graph).values(), totalRow(graph)]);
}

/** The same with the memory of a run beside each layer, and in total below. */
export function summarizeMemory(graph: Graph, memory: RunMemory, threads: number): string {
  const { arena, parameterBytes, optimizerBytes, totalBytes } = memory;
  const rows = layerRows(graph);
  const planned = new Map(arena.layers.map((layer) => [layer.label, layer]));
  // Beside the layers: the loss, the model's output.
  for (const { label } of arena.layers) if (!rows.has(label)) rows.set(label, [label, '', '', '']);
  const layers = [...rows].map(([label, cells]) => {
    const { activations = 0, gradients = 0, shared = 0 } = planned.get(label) ?? {};
    return [...cells, ...[activations, gradients, shared].map(bytesOrNothing)];
  });
  const sums = (['activations', 'gradients', 'shared'] as const).map((kind) =>
    formatBytes(arena.layers.reduce((sum, layer) => sum + layer[kind], 0)),
  );
  const named = (text: string): Cell => ({ content: text, colSpan: LAYER_HEAD.length });
  const inAll = (text: string, bytes: number): Cell[] => [
    named(text),
    { content: formatBytes(bytes), colSpan: MEMORY_HEAD.length, hAlign: 'right' },
  ];
  return asTable(
    [...LAYER_HEAD, ...MEMORY_HEAD],
    [
      ...layers,
      [...totalRow(graph), '', '', ''],
      [named('without reuse'), ...sums],
      [
        named('planned: buffers in use at different times share memory'),
        { content: formatBytes(arena.sampleBytes), colSpan: 2, hAlign: 'right' },
        formatBytes(arena.sharedBytes),
      ],
      inAll(`scratch of kernels, ${threads} ${threads === 1 ? 'thread' : 'threads'}`, arena.scratchBytes),
      inAll('parameters', parameterBytes),
      inAll('optimizer state', optimizerBytes),
      inAll('memory in total', totalBytes),
    ],
  );
}

/** By layer, beginning with the inputs. */
function layerRows({ inputs, nodes }: Graph): Map<string, string[]> {
  return new Map([
    ...inputs.map(({ name, shape }): [string, string[]] => [name, [name, '', formatShape(shape), '']]),
    ...nodes.map(({ name, layer, outputShape, parameters }): [string, string[]] => [
      name,
      [name, layer.type, formatShape(outputShape), valuesIn(parameters).toLocaleString('en-US')],
    ]),
  ]);
}

function totalRow({ parameters }: Graph): Cell[] {
  return [{ content: 'total', colSpan: 3 }, valuesIn(parameters).toLocaleString('en-US')];
}

function asTable(head: string[], rows: Cell[][]): string {
  // Loaded when there is something to print: predictions start without it.
  const Table = createRequire(import.meta.url)('cli-table3') as typeof import('cli-table3');
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column < LAYER_HEAD.indexOf('parameters') ? 'left' : 'right')),
    style: { head: [], border: [] },
  });
  table.push(...rows);
  return table.toString();
}

function bytesOrNothing(bytes: number): string {
  return bytes === 0 ? '' : formatBytes(bytes);
}

function valuesIn(parameters: Graph['parameters']): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

import type { TrainingData } from '../data/dataset.js';
import { BatchStream } from '../data/streamed/batch-stream.js';
import { InvalidArgumentError } from '../errors/index.js';
import { Conv2D } from '../layers/conv2d.js';
import type { FloatArray } from '../native.js';
import { inOrder } from '../util/permutation.js';
import { epochChunks } from './epoch-chunks.js';
import type { Graph, GraphParameter } from './graph.js';
import type { RunSettings } from './run-options.js';
import type { Runtime } from './runtime.js';
import { windowCovariance } from './window-covariance.js';

/**
 * Parameters whose first values follow from data.
 *
 * @throws InvalidArgumentError or ShapeError unless each is the kernel of a convolution over an input
 */
export function dataParameters(graph: Graph): GraphParameter[] {
  const found = graph.parameters.filter(({ fromData }) => fromData !== undefined);
  for (const parameter of found) windowsOf(graph, parameter);
  return found;
}

/**
 * First values from data for the parameters that still await them, one entry a parameter, `null` for all others.
 *
 * @throws InvalidArgumentError for batches that come in an order of their own
 */
export async function valuesFromData(
  who: string,
  runtime: Runtime,
  data: TrainingData,
  settings: RunSettings,
): Promise<(FloatArray | null)[]> {
  const { graph, awaitingData } = runtime;
  const values = new Array<FloatArray | null>(graph.parameters.length).fill(null);
  for (const { name, shape, slot, fromData } of graph.parameters) {
    if (!fromData || !awaitingData.has(name)) continue;
    if (data instanceof BatchStream) {
      throw new InvalidArgumentError(
        `${who}: expected a set whose first samples can be read beforehand, for ${name} begins with values from data, received a ` +
          'stream of batches. Set it by model.setWeights, or choose another kernelInitializer.',
      );
    }
    const { layer, input } = windowsOf(graph, { name });
    const order = inOrder(Math.min(fromData.samples, data.size));
    const chunksOf = (batchSize: number) => epochChunks(data, order, { batchSize, signal: settings.signal });
    values[slot] = fromData.fill(shape, await windowCovariance(who, runtime, layer, input, chunksOf, settings));
  }
  return values;
}

/** The convolution whose kernel it is, and the index of the input it reads. */
function windowsOf(graph: Graph, { name }: Pick<GraphParameter, 'name'>): { layer: Conv2D; input: number } {
  const {
    name: node = '',
    layer,
    inputs = [],
  } = graph.nodes.find(({ parameters }) => parameters.some((own) => own.name === name)) ?? {};
  const input = graph.inputs.findIndex((candidate) => candidate.name === inputs[0]);
  const { shape = [] } = graph.inputs[input] ?? {};
  if (!(layer instanceof Conv2D) || layer.groups > 1 || input < 0) {
    const received =
      layer instanceof Conv2D
        ? input < 0
          ? `one that reads ${inputs[0]}`
          : `one with ${layer.groups} groups`
        : `a ${layer?.type}`;
    throw new InvalidArgumentError(
      `${node}: expected a conv2d with one group that reads an input of the model for the kernelInitializer 'whitening', received ` +
        `${received}. Choose another initializer.`,
    );
  }
  const { kernelSize, dilation } = layer;
  // All windows lie inside the image, whatever the layer's padding.
  new Conv2D({ filters: 1, kernelSize, dilation }).outputShape(`${node} kernelInitializer 'whitening'`, shape);
  return { layer, input };
}

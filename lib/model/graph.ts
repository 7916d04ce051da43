import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { Initializer } from '../initializers/initializer.js';
import { Layer } from '../layers/layer.js';
import type { TracedNetwork } from '../program/compile.js';
import type { Parameter, Value } from '../program/operation.js';
import { Trace } from '../program/trace.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape, sizeOf } from '../util/shape.js';

/** Name of the model's input among the names of nodes. */
export const INPUT = 'input';

/** A layer at its place in a model. */
export interface GraphNode {
  /** Unique within the model. */
  readonly name: string;
  readonly layer: Layer;
  /** Names of the nodes it reads, or `input`. */
  readonly inputs: readonly string[];
  readonly outputShape: Shape;
  readonly parameters: readonly GraphParameter[];
}

export interface GraphParameter extends Parameter {
  readonly initializer: Initializer;
}

/** A network: layers, what each reads, the shapes between them and the parameters they train. */
export interface Graph {
  readonly inputShape: Shape;
  /** Each after those it reads. */
  readonly nodes: readonly GraphNode[];
  /** Name of the node whose output is the model's. */
  readonly output: string;
  readonly parameters: readonly GraphParameter[];
}

/** Layers as `[layer, names of what it reads]`, in order, as a graph with shapes and parameters. */
export function buildGraph(who: string, inputShape: Shape, chain: readonly Layer[]): Graph {
  if (!Array.isArray(chain) || chain.length === 0) {
    throw new InvalidArgumentError(`${who}: expected an array of at least one layer, received ${describe(chain)}.`);
  }
  checkSize(who, 'the input', inputShape);
  const nodes: GraphNode[] = [];
  const parameters: GraphParameter[] = [];
  const names = new Set<string>([INPUT]);
  let previous = { name: INPUT, outputShape: inputShape };
  // A copy first: forEach() skips the holes of a sparse array.
  [...chain].forEach((layer: unknown, index) => {
    if (!(layer instanceof Layer)) {
      throw new InvalidArgumentError(`${who}: expected a layer at position ${index}, received ${describe(layer)}.`);
    }
    if (nodes.some((node) => node.layer === layer)) {
      throw new InvalidArgumentError(
        `${who}: expected each layer once, received the one at position ${index} again. Make a second layer.`,
      );
    }
    const name = nameOf(who, layer, names);
    const place = `${name} (layer ${index} of ${who})`;
    const outputShape = layer.outputShape(place, previous.outputShape);
    checkSize(place, 'the output', outputShape);
    const own = layer.parameters(previous.outputShape).map((spec, i) => ({
      name: `${name}/${spec.name}`,
      shape: spec.shape,
      initializer: spec.initializer,
      slot: parameters.length + i,
    }));
    for (const parameter of own) checkSize(place, `the weights ${parameter.name}`, parameter.shape);
    parameters.push(...own);
    const node = { name, layer, inputs: [previous.name], outputShape, parameters: own };
    nodes.push(node);
    previous = node;
  });
  return { inputShape, nodes, output: previous.name, parameters };
}

/** Typed arrays and native code count elements in 31 bits. */
const MOST_ELEMENTS = 2 ** 31 - 1;

function checkSize(who: string, what: string, shape: Shape): void {
  if (sizeOf(shape) <= MOST_ELEMENTS) return;
  throw new ShapeError(
    `${who}: expected at most ${MOST_ELEMENTS} values in ${what}, received the shape ${formatShape(shape)}.`,
  );
}

function nameOf(who: string, layer: Layer, taken: Set<string>): string {
  const given = layer.givenName;
  if (given !== undefined && taken.has(given)) {
    throw new InvalidArgumentError(`${who}: expected a different name for every layer, received '${given}' twice.`);
  }
  let name = given ?? layer.type;
  for (let i = 1; taken.has(name); i++) name = `${layer.type}_${i}`;
  taken.add(name);
  return name;
}

/** The operations of a graph. */
export function traceGraph(graph: Graph): TracedNetwork {
  const trace = new Trace(graph.inputShape);
  const values = new Map<string, Value>([[INPUT, trace.input]]);
  for (const node of graph.nodes) {
    const [input = INPUT] = node.inputs;
    const parameter = (name: string) =>
      node.parameters.find((candidate) => candidate.name === `${node.name}/${name}`) as Parameter;
    const value = node.layer.apply(trace, values.get(input) as Value, parameter);
    if (formatShape(value.shape) !== formatShape(node.outputShape)) {
      throw new Error(`cnnative: ${node.name} made ${formatShape(value.shape)}, not ${formatShape(node.outputShape)}`);
    }
    values.set(node.name, value);
  }
  const output = values.get(graph.output) as Value;
  return { input: trace.input, output, operations: trace.operations, parameters: graph.parameters };
}

import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { Initializer } from '../initializers/initializer.js';
import { checkSize } from '../layers/check-size.js';
import { Layer } from '../layers/layer.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import type { TracedNetwork } from '../program/compile.js';
import type { Parameter, Value } from '../program/operation.js';
import { Trace } from '../program/trace.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape, sameShape } from '../util/shape.js';

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
  /** Those of the layer; a layer applied twice lists the same ones twice. */
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

/** A graph of layers one after another. */
export function buildGraph(who: string, inputShape: Shape, chain: readonly Layer[]): Graph {
  if (!Array.isArray(chain) || chain.length === 0) {
    throw new InvalidArgumentError(`${who}: expected an array of at least one layer, received ${describe(chain)}.`);
  }
  const seen = new Set<Layer>();
  const taken = new Set<string>([INPUT]);
  const input = new SymbolicTensor(inputShape, null, []);
  checkSize(who, 'the input', inputShape);
  // A copy first: reduce() skips the holes of a sparse array.
  const output = [...chain].reduce<SymbolicTensor>((tensor, layer: unknown, index) => {
    if (!(layer instanceof Layer)) {
      throw new InvalidArgumentError(`${who}: expected a layer at position ${index}, received ${describe(layer)}.`);
    }
    if (seen.has(layer)) {
      throw new InvalidArgumentError(
        `${who}: expected each layer once, received the one at position ${index} again. Make a second layer.`,
      );
    }
    seen.add(layer);
    return layer.connect(`${nameOf(who, layer, taken)} (layer ${index} of ${who})`, tensor);
  }, input);
  return graphOf(who, input, output);
}

/** The graph of all layers between an input and an output. */
export function graphOf(who: string, input: SymbolicTensor, output: SymbolicTensor): Graph {
  const names = new Map<SymbolicTensor, string>([[input, INPUT]]);
  const taken = new Set<string>([INPUT]);
  const parametersOf = new Map<Layer, GraphParameter[]>();
  const parameters: GraphParameter[] = [];
  const nodes = inOrder(who, input, output).map(({ tensor, layer }): GraphNode => {
    const name = nameOf(who, layer, taken, parametersOf.has(layer));
    names.set(tensor, name);
    const specs = layer.parameters(tensor.inputs[0]?.shape ?? []);
    const before = parametersOf.get(layer);
    const own =
      before ??
      specs.map(({ name: part, shape, initializer, trainable = true }, i) => ({
        name: `${name}/${part}`,
        shape,
        initializer,
        trainable,
        slot: parameters.length + i,
      }));
    if (before?.some(({ shape }, i) => !sameShape(shape, specs[i]?.shape ?? []))) {
      throw new ShapeError(`${name}: expected inputs of one shape for a layer that is applied twice.`);
    }
    for (const parameter of own) checkSize(name, `the weights ${parameter.name}`, parameter.shape);
    if (!before) parameters.push(...own);
    parametersOf.set(layer, own);
    const inputs = tensor.inputs.map((read) => names.get(read) as string);
    return { name, layer, inputs, outputShape: tensor.shape, parameters: own };
  });
  return { inputShape: input.shape, nodes, output: names.get(output) as string, parameters };
}

/** The tensors that layers make on the way to `output`, each after those it is made of. */
function inOrder(who: string, input: SymbolicTensor, output: SymbolicTensor) {
  const order: { tensor: SymbolicTensor; layer: Layer }[] = [];
  const done = new Set<SymbolicTensor>([input]);
  // A stack of our own: networks may be deeper than JavaScript's.
  const stack = [output];
  for (let tensor = stack.at(-1); tensor !== undefined; tensor = stack.at(-1)) {
    const waiting = tensor.inputs.filter((read) => !done.has(read));
    if (!done.has(tensor) && waiting.length > 0) {
      stack.push(...[...waiting].reverse());
      continue;
    }
    stack.pop();
    if (done.has(tensor)) continue;
    if (tensor.layer === null) {
      throw new InvalidArgumentError(
        `${who}: expected outputs made of the model's own input, received one that reads another input().`,
      );
    }
    done.add(tensor);
    order.push({ tensor, layer: tensor.layer });
  }
  return order;
}

function nameOf(who: string, layer: Layer, taken: Set<string>, again = false): string {
  const given = layer.givenName;
  if (given !== undefined && taken.has(given) && !again) {
    throw new InvalidArgumentError(`${who}: expected a different name for every layer, received '${given}' twice.`);
  }
  let name = given ?? layer.type;
  for (let i = 1; taken.has(name); i++) name = `${given ?? layer.type}_${i}`;
  taken.add(name);
  return name;
}

/** The operations of a graph. */
export function traceGraph(graph: Graph): TracedNetwork {
  const trace = new Trace(graph.inputShape);
  const values = new Map<string, Value>([[INPUT, trace.input]]);
  for (const node of graph.nodes) {
    const [first, ...others] = node.inputs.map((name) => values.get(name) as Value);
    const parameter = (part: string) => node.parameters.find(({ name }) => name.endsWith(`/${part}`)) as Parameter;
    trace.label = node.name;
    const value = node.layer.compute(trace, parameter, first as Value, ...others);
    if (!sameShape(value.shape, node.outputShape)) {
      throw new Error(`cnnative: ${node.name} made ${formatShape(value.shape)}, not ${formatShape(node.outputShape)}`);
    }
    values.set(node.name, value);
  }
  const output = values.get(graph.output) as Value;
  return { input: trace.input, output, operations: trace.operations, parameters: graph.parameters };
}

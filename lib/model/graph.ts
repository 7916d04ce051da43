import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { DataInitializer, Initializer } from '../initializers/initializer.js';
import { checkSize } from '../layers/check-size.js';
import { Layer } from '../layers/layer.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import type { TracedNetwork } from '../program/compile.js';
import type { Parameter, Value } from '../program/operation.js';
import { Trace } from '../program/trace.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape, sameShape } from '../util/shape.js';

/** Name of an input that the user gave none, numbered as layers are. */
export const INPUT = 'input';

/** A layer at its place in a model. */
export interface GraphNode {
  /** Unique within the model. */
  readonly name: string;
  readonly layer: Layer;
  /** Names of the nodes and inputs it reads. */
  readonly inputs: readonly string[];
  readonly outputShape: Shape;
  /** Those of the layer; a layer applied twice lists the same ones twice. */
  readonly parameters: readonly GraphParameter[];
}

export interface GraphParameter extends Parameter {
  readonly initializer: Initializer;
  /** What fills it once there is data, if its first values follow from data. */
  readonly fromData?: DataInitializer;
}

/** What a model reads of every sample. */
export interface GraphInput {
  /** Unique within the model, among nodes too. */
  readonly name: string;
  readonly shape: Shape;
}

/** A network: layers, what each reads, the shapes between them and the parameters they train. */
export interface Graph {
  readonly inputs: readonly GraphInput[];
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
  const given = givenNames(chain.filter((layer: unknown) => layer instanceof Layer));
  const input = new SymbolicTensor(inputShape, null, []);
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
    return layer.connect(
      `${nameOf(who, layer.givenName, layer.type, taken, given)} (layer ${index} of ${who})`,
      tensor,
    );
  }, input);
  return graphOf(who, [input], output);
}

/**
 * The graph of all layers between inputs and an output.
 *
 * @param known names of what layers make, each its own, where they are known already
 */
export function graphOf(
  who: string,
  tensors: readonly SymbolicTensor[],
  output: SymbolicTensor,
  known?: ReadonlyMap<SymbolicTensor, string>,
): Graph {
  const order = inOrder(who, tensors, output);
  const given = givenNames([...tensors, ...order.map(({ layer }) => layer)]);
  const taken = new Set<string>();
  const names = new Map<SymbolicTensor, string>();
  for (const tensor of tensors) names.set(tensor, nameOf(who, tensor.givenName, INPUT, taken, given));
  const inputs = tensors.map((tensor) => ({ name: names.get(tensor) as string, shape: tensor.shape }));
  const parametersOf = new Map<Layer, GraphParameter[]>();
  const parameters: GraphParameter[] = [];
  const nodes = order.map(({ tensor, layer }): GraphNode => {
    const again = parametersOf.has(layer);
    const name = known?.get(tensor) ?? nameOf(who, layer.givenName, layer.type, taken, given, again);
    names.set(tensor, name);
    const specs = layer.parameters(tensor.inputs[0]?.shape ?? []);
    const before = parametersOf.get(layer);
    const own =
      before ??
      specs.map(({ name: part, shape, initializer, fromData, trainable = true, frozen = false, regularizer }, i) => ({
        name: `${name}/${part}`,
        shape,
        initializer,
        ...(fromData && { fromData }),
        trainable: trainable && layer.trainable,
        ...((frozen || !layer.trainable) && { frozen: true }),
        ...(layer.learningRateFactor !== 1 && { rateFactor: layer.learningRateFactor }),
        slot: parameters.length + i,
        ...(regularizer && { regularizer }),
      }));
    if (before?.some(({ shape }, i) => !sameShape(shape, specs[i]?.shape ?? []))) {
      throw new ShapeError(`${name}: expected inputs of one shape for a layer that is applied twice.`);
    }
    for (const parameter of own) checkSize(name, `the weights ${parameter.name}`, parameter.shape);
    if (!before) parameters.push(...own);
    parametersOf.set(layer, own);
    const reads = tensor.inputs.map((read) => names.get(read) as string);
    return { name, layer, inputs: reads, outputShape: tensor.shape, parameters: own };
  });
  const unread = inputs.find(({ name }) => !nodes.some((node) => node.inputs.includes(name)));
  if (unread) {
    throw new InvalidArgumentError(
      `${who}: expected outputs made of every input, received ones that do not read ${unread.name}. Leave it out.`,
    );
  }
  return { inputs, nodes, output: names.get(output) as string, parameters };
}

/** The tensors that layers make on the way to `output`, each after those it is made of. */
function inOrder(who: string, inputs: readonly SymbolicTensor[], output: SymbolicTensor) {
  const order: { tensor: SymbolicTensor; layer: Layer }[] = [];
  const done = new Set<SymbolicTensor>(inputs);
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
        `${who}: expected outputs made of the model's own inputs, received one that reads another input().`,
      );
    }
    done.add(tensor);
    order.push({ tensor, layer: tensor.layer });
  }
  return order;
}

function givenNames(named: readonly { readonly givenName: string | undefined }[]): Set<string | undefined> {
  return new Set(named.map(({ givenName }) => givenName));
}

/**
 * The name given, or one of the kind: numbered for a layer without a name, or one applied `again`, until it is neither taken nor
 * `given` to another.
 */
function nameOf(
  who: string,
  own: string | undefined,
  kind: string,
  taken: Set<string>,
  given: ReadonlySet<string | undefined>,
  again = false,
): string {
  let name = own ?? kind;
  if (own !== undefined && !again) {
    if (taken.has(own)) {
      throw new InvalidArgumentError(
        `${who}: expected a different name for every layer and input, received '${own}' twice.`,
      );
    }
  } else {
    for (let i = 1; taken.has(name) || given.has(name); i++) name = `${own ?? kind}_${i}`;
  }
  taken.add(name);
  return name;
}

/** A traced network that knows which value each node makes. */
export interface TracedGraph extends TracedNetwork {
  /** By name, of inputs too. */
  readonly values: ReadonlyMap<string, Value>;
}

/** The operations of a graph. */
export function traceGraph(graph: Graph): TracedGraph {
  const trace = new Trace(graph.inputs);
  const values = new Map<string, Value>(trace.inputs.map((value, i) => [graph.inputs[i]?.name as string, value]));
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
  return { inputs: trace.inputs, output, operations: trace.operations, parameters: graph.parameters, values };
}

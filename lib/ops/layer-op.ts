import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import { type Layer, type LayerOptions, layers } from '../layers/index.js';
import { TRAINED_LAYER_OPTIONS } from '../layers/layer.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { type GraphParameter, graphOf, type TracedGraph, traceGraph } from '../model/graph.js';
import { runSettings } from '../model/run-options.js';
import type { FloatArray, IsaName } from '../native.js';
import { runOnArrays, splitOutput } from '../program/array-run.js';
import { compile, type InputTransform } from '../program/compile.js';
import type { ElementType } from '../program/description.js';
import { withUpstream } from '../program/upstream.js';
import { checkBoolean, checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { Philox } from '../util/philox.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../util/shape.js';
import { likeGiven, type Parsed, parseArray } from './array.js';
import { keptBy } from './kept-parameters.js';

/** Floats are taken as they are. */
const PLAIN: InputTransform = { channels: 1, scale: [1], shift: [0] };

/** A layer at work on arrays: what was given, checked and brought into the shape of programs. */
export class LayerOp {
  readonly #who: string;
  readonly #network: TracedGraph;
  readonly #layer: Layer;
  readonly #inputs: readonly Parsed[];
  /** Sizes of a sample, of each input. */
  readonly #shapes: readonly Shape[];
  /** `null` where no axis of samples was given. */
  readonly #batch: number | null;
  /** Those given, by name. */
  readonly #given: ReadonlyMap<string, Parsed>;
  readonly #settings: { readonly threads: number; readonly isa: IsaName; readonly element: ElementType };
  readonly #training: boolean;

  /** @param kind name of a layer, whose options and parameters `given` holds beside those of computing */
  constructor(who: string, kind: keyof typeof layers, x: unknown, given: unknown) {
    if (!isPlainObject(given)) {
      throw new InvalidArgumentError(
        `${who}: expected an object of parameters and options, received ${describe(given)}. Give a literal: { name: value }.`,
      );
    }
    const { dtype = 'float32', isa, threads = 1, training = false, ...rest } = given;
    this.#who = who;
    this.#training = checkBoolean(who, 'training', training);
    const element = checkChoice(who, 'dtype', dtype, ['float32', 'float64'] as const);
    const settings = runSettings(who, {
      threads: threads as number,
      ...(isa !== undefined && { isa: isa as IsaName }),
    });
    // Only scalar kernels exist for doubles.
    this.#settings = { threads: settings.threads, isa: element === 'float64' ? 'scalar' : settings.isa, element };
    const { parameters, options } = separate(who, kind, rest);
    this.#given = parameters;
    this.#layer = layerOf(who, kind, options);
    this.#inputs = inputsOf(who, x, this.#layer);
    this.#batch = batchOf(who, this.#inputs);
    this.#shapes = this.#inputs.map(({ shape }) => (this.#batch === null ? shape : shape.slice(1)));
    const tensors = this.#shapes.map((shape) => new SymbolicTensor(shape, null, []));
    const output = this.#layer.connect(who, this.#layer.readsSeveral ? tensors : (tensors[0] as SymbolicTensor));
    this.#network = traceGraph(graphOf(who, tensors, output));
  }

  /** The output. */
  async forward(): Promise<unknown> {
    if (this.#training) return (await this.#differentiate(new Float32Array(sizeOf(this.#outputShape)))).output;
    const network = this.#network;
    const program = compile(network, {
      mode: 'predict',
      batchSize: this.#samples,
      transforms: this.#inputs.map(() => PLAIN),
      ...this.#settings,
    });
    const { run } = await runOnArrays(network, program, {
      parameters: this.#parameters(),
      inputs: this.#inputs.map(({ data }) => data),
      samples: this.#samples,
      threads: this.#settings.threads,
    });
    return this.#output(run.output());
  }

  /** Output and gradients for a gradient of the output. */
  gradients(dy: unknown): Promise<Record<string, unknown>> {
    return this.#differentiate(this.#checkedUpstream(dy));
  }

  async #differentiate(upstream: Parsed['data']): Promise<Record<string, unknown>> {
    const needed = this.#layer.fewestSamples(this.#shapes[0] ?? []);
    if (this.#samples < needed) {
      throw new ShapeError(
        `${this.#who}: expected at least ${needed} samples for statistics of a batch, received ${this.#samples}.`,
      );
    }
    const { network, loss } = withUpstream(this.#network);
    const program = compile(network, {
      mode: 'gradients',
      batchSize: this.#samples,
      transforms: network.inputs.map(() => PLAIN),
      loss,
      ...this.#settings,
    });
    const { run, gradients } = await runOnArrays(network, program, {
      parameters: this.#parameters(),
      inputs: [...this.#inputs.map(({ data }) => data), upstream],
      samples: this.#samples,
      threads: this.#settings.threads,
    });
    const sizes = network.inputs.map(({ shape }) => sizeOf(shape));
    const parts = splitOutput(run.output(), sizes, this.#samples);
    const output = parts.pop() as FloatArray;
    const dx = this.#inputs.map((input, i) => likeGiven(input, parts[i] as FloatArray, input.shape));
    const result: Record<string, unknown> = { output: this.#output(output), x: this.#layer.readsSeveral ? dx : dx[0] };
    for (const parameter of this.#network.parameters) {
      const given = this.#given.get(partOf(parameter.name));
      if (!given || !parameter.trainable) continue;
      result[partOf(parameter.name)] = likeGiven(given, gradients[parameter.slot] as FloatArray, given.shape);
    }
    return result;
  }

  get #samples(): number {
    return this.#batch ?? 1;
  }

  get #outputShape(): Shape {
    const { shape } = this.#network.output;
    return this.#batch === null ? shape : [this.#batch, ...shape];
  }

  #output(data: FloatArray) {
    return likeGiven(this.#inputs[0] as Parsed, data, this.#outputShape);
  }

  #checkedUpstream(dy: unknown): Parsed['data'] {
    const { data, shape } = parseArray(this.#who, 'dy', dy);
    if (sameShape(shape, this.#outputShape)) return data;
    throw new ShapeError(
      `${this.#who}: expected the shape of the output, ${formatShape(this.#outputShape)}, for dy, received ${formatShape(shape)}.`,
    );
  }

  /** Values of all parameters in their order; those that are never trained may be left out, and are as in a new layer. */
  #parameters(): Parsed['data'][] {
    return (this.#network.parameters as readonly GraphParameter[]).map(({ name, shape, initializer, trainable }) => {
      const given = this.#given.get(partOf(name));
      if (!given && trainable) {
        throw new InvalidArgumentError(
          `${this.#who}: expected an array of shape ${formatShape(shape)} for ${partOf(name)}, received none.`,
        );
      }
      if (!given) return initializer(shape, new Philox(0), name);
      if (sameShape(given.shape, shape)) return given.data;
      throw new ShapeError(
        `${this.#who}: expected the shape ${formatShape(shape)} for ${partOf(name)}, received ${formatShape(given.shape)}.`,
      );
    });
  }
}

/** The name of a parameter within its layer. */
function partOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** The layer; what it says of its options is said of the op. */
function layerOf(who: string, kind: keyof typeof layers, options: LayerOptions): Layer {
  try {
    return (layers[kind] as (options: LayerOptions) => Layer)(options);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(error.message.replace(`layers.${kind}`, who), { cause: error });
  }
}

/** Parameters, checked, and options of the layer, the ones that follow among them. */
function separate(who: string, kind: string, given: Record<string, unknown>) {
  const { required, optional, follow, options: optionsFrom } = keptBy(kind);
  const parameters = new Map<string, Parsed>();
  const rest = { ...given };
  const take = (name: string, axes: string) => {
    const parsed = parseArray(who, name, given[name]);
    const rank = axes.split(',').length;
    if (axes !== '[...]' && parsed.shape.length !== rank) {
      throw new ShapeError(
        `${who}: expected an array of shape ${axes} for ${name}, received one of shape ${formatShape(parsed.shape)}.`,
      );
    }
    parameters.set(name, parsed);
    delete rest[name];
  };
  for (const [name, axes] of Object.entries(required)) take(name, axes);
  for (const [name, axes] of Object.entries(optional)) {
    if (given[name] === undefined) delete rest[name];
    else take(name, axes);
  }
  const trains = (name: string) => TRAINED_LAYER_OPTIONS.some((other) => other === name);
  const surplus = [...follow, 'name', ...TRAINED_LAYER_OPTIONS].find((name) => rest[name] !== undefined);
  if (surplus !== undefined) {
    const otherwise = trains(surplus) ? 'ops train nothing' : 'it follows from the parameters';
    const why = surplus === 'name' ? 'ops have no names' : otherwise;
    throw new InvalidArgumentError(`${who}: expected no option ${surplus}: ${why}. Leave it out.`);
  }
  const shapes = Object.fromEntries([...parameters].map(([name, { shape }]) => [name, shape]));
  return { parameters, options: { ...rest, ...optionsFrom(shapes, rest) } };
}

/** One array, or those of a layer that reads several. */
function inputsOf(who: string, x: unknown, layer: Layer): Parsed[] {
  if (!layer.readsSeveral) return [parseArray(who, 'x', x)];
  if (!Array.isArray(x)) {
    throw new InvalidArgumentError(`${who}: expected an array of arrays to combine, [a, b], received ${describe(x)}.`);
  }
  return x.map((part, i) => parseArray(who, `x[${i}]`, part));
}

/** How many samples there are; `null` for a single one without an axis of samples. */
function batchOf(who: string, inputs: readonly Parsed[]): number | null {
  const [first] = inputs;
  if (!first) return null;
  const rank = first.shape.length;
  if (rank > 4) {
    throw new ShapeError(
      `${who}: expected x of shape [C, H, W] or [features], or a batch of those, [N, C, H, W] or [N, features]; received ` +
        `${formatShape(first.shape)}.`,
    );
  }
  const batch = rank % 2 === 0 ? (first.shape[0] as number) : null;
  const other = inputs.find(({ shape }) => shape.length % 2 !== rank % 2 || (batch !== null && shape[0] !== batch));
  if (other) {
    throw new ShapeError(
      `${who}: expected as many samples in each array, received shapes ${formatShape(first.shape)} and ${formatShape(other.shape)}.`,
    );
  }
  return batch;
}

import type { Layer } from 'cnnative';
import { centralDifferences, type Differences, STEP } from '#lib/gradcheck/central-differences.js';
import { DOUBLE, type Kernels, Objective, type Point } from '#lib/gradcheck/objective.js';
import { SymbolicTensor } from '#lib/layers/symbolic-tensor.js';
import { type GraphParameter, graphOf, traceGraph } from '#lib/model/graph.js';
import type { FloatArray } from '#lib/native.js';
import { runOnArrays } from '#lib/program/array-run.js';
import { compile, type TracedNetwork } from '#lib/program/compile.js';
import { withUpstream } from '#lib/program/upstream.js';
import { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import type { MatrixCase } from './layer-matrix.js';
import { at, type Numbers, randomValues, someIndices } from './values.js';

const ELEMENTS_PER_TENSOR = 10;

/** What a layer computes in training, for a gradient of its output that is given. */
export interface LayerRun {
  readonly output: FloatArray;
  /** Of parameters in their order, then of inputs. */
  readonly gradients: readonly FloatArray[];
}

/** A layer alone, as programs compute it, with values for all that it reads. */
export class LayerAtWork {
  readonly parameters: readonly GraphParameter[];
  readonly #network: TracedNetwork;
  readonly #objective: Objective;
  readonly #samples: number;

  constructor(layer: Layer, { inputShapes, samples }: Pick<MatrixCase, 'inputShapes' | 'samples'>) {
    const tensors = inputShapes.map((shape) => new SymbolicTensor(shape, null, []));
    const graph = graphOf(
      'matrix',
      tensors,
      layer.connect('matrix', layer.readsSeveral ? tensors : (tensors[0] as SymbolicTensor)),
    );
    this.parameters = graph.parameters;
    this.#network = traceGraph(graph);
    this.#samples = samples;
    const { network, loss } = withUpstream(this.#network);
    this.#objective = new Objective(network, loss, { samples, divisor: 1, threads: 1 });
  }

  /** Random values of parameters and inputs, and of the gradient of the output as the last input. */
  randomPoint(random: Philox): Point {
    const shapes = [...this.#network.inputs.map(({ shape }) => shape), this.#network.output.shape];
    return {
      parameters: this.parameters.map(({ name, shape }) => valuesOf(name, shape, random)),
      inputs: shapes.map((shape) => randomValues(random, this.#samples * sizeOf(shape), 2)),
    };
  }

  /** How its parameters begin in a model. */
  beginnings(seed: number): Float32Array[] {
    return this.parameters.map(({ name, shape, initializer }, i) => initializer(shape, new Philox(seed, i), name));
  }

  /** What the layer gives in a model that is asked for predictions. */
  async predict(point: Point, { isa, element }: Kernels): Promise<FloatArray> {
    const network = this.#network;
    const transforms = network.inputs.map(() => ({ channels: 1, scale: [1], shift: [0] }));
    const program = compile(network, { mode: 'predict', batchSize: this.#samples, transforms, isa, element });
    const { run } = await runOnArrays(network, program, { ...point, samples: this.#samples, threads: 1 });
    return run.output();
  }

  async train(point: Point, kernels: Kernels): Promise<LayerRun> {
    const { parameters, inputs } = await this.#objective.gradients(point, kernels);
    return { output: inputs.at(-1) as FloatArray, gradients: [...parameters, ...inputs.slice(0, -1)] };
  }

  /** Central differences of `sum(dy * y)` in some elements of a tensor. */
  async differences(
    point: Point,
    tensor: number,
    random: Philox,
    { asInTraining, smallest }: { asInTraining: boolean; smallest: number },
  ): Promise<Differences> {
    const count = point.parameters.length;
    const [kind, index] = tensor < count ? (['parameters', tensor] as const) : (['inputs', tensor - count] as const);
    const values = point[kind][index] as Numbers;
    const elements = someIndices(random, values.length, ELEMENTS_PER_TENSOR);
    const valueAt = (element: number, change: number) => {
      const changed = Float64Array.from(values);
      changed[element] = at(changed, element) + change;
      const there = { ...point, [kind]: point[kind].map((own, i) => (i === index ? changed : own)) };
      return this.#objective.value(there, asInTraining ? 'gradients' : 'evaluate');
    };
    const along = (change: number) => Promise.all(elements.map((element) => valueAt(element, change)));
    const [middle, up, down] = [await valueAt(0, 0), await along(STEP), await along(-STEP)];
    const name = this.parameters[tensor]?.name ?? `input ${index}`;
    return centralDifferences(name, elements, () => middle, up, down, STEP, smallest);
  }
}

/** A slope that differences of `sum(dy * y)` tell from the rounding of all that is summed up, to a part of 1e-5. */
function smallestSlope(dy: Numbers, y: FloatArray): number {
  const size = Float64Array.from(y, (value, i) => Math.abs(value * at(dy, i))).reduce((sum, part) => sum + part, 0);
  return (Number.EPSILON * size) / STEP / 1e-5;
}

/** Kernels that keep values near 1, positive variances, and scales whose slopes are to be seen. */
function valuesOf(name: string, shape: readonly number[], random: Philox): Float32Array {
  if (/(gamma|runningVariance)$/.test(name)) return randomValues(random, sizeOf(shape), 0.5).map((value) => 1 + value);
  const fanIn = sizeOf(shape.slice(1));
  return randomValues(random, sizeOf(shape), shape.length === 1 ? 0.5 : Math.sqrt(3 / fanIn));
}

/** A case with all that its programs are held to. */
export interface LayerTruth {
  readonly spec: MatrixCase;
  readonly work: LayerAtWork;
  readonly point: Point;
  /** In double precision. */
  readonly predicted: FloatArray;
  readonly trained: LayerRun;
  /** Slopes below are none that differences could tell. */
  readonly smallest: number;
  /** Of each tensor that has gradients, by its place among those of a run. */
  readonly differences: ReadonlyMap<number, Differences>;
}

/** Layers that do something else in training than in evaluation. */
const OTHERWISE_IN_TRAINING = ['batchNormalization', 'dropout', 'spatialDropout2d', 'gaussianNoise'];

export function differsInTraining({ kind }: MatrixCase): boolean {
  return OTHERWISE_IN_TRAINING.includes(kind);
}

export async function findTruth(spec: MatrixCase, random: Philox): Promise<LayerTruth> {
  const work = new LayerAtWork(spec.layer, spec);
  const point = work.randomPoint(random);
  const [predicted, trained] = [await work.predict(point, DOUBLE), await work.train(point, DOUBLE)];
  const smallest = smallestSlope(point.inputs.at(-1) as Numbers, trained.output);
  const how = { asInTraining: differsInTraining(spec), smallest };
  const differences = new Map<number, Differences>();
  for (let tensor = 0; tensor < point.parameters.length + spec.inputShapes.length; tensor++) {
    if (work.parameters[tensor]?.trainable === false) continue;
    differences.set(tensor, await work.differences(point, tensor, random, how));
  }
  return { spec, work, point, predicted, trained, smallest, differences };
}

import type { AnyDataset } from '../data/dataset.js';
import { InvalidArgumentError } from '../errors/index.js';
import type { Loss } from '../losses/index.js';
import { checkBatchStatistics } from '../model/batch-statistics.js';
import { traceGraph } from '../model/graph.js';
import { Model } from '../model/model.js';
import { randomBatch } from '../model/random-batch.js';
import { type RunOptions, runSettings } from '../model/run-options.js';
import type { Runtime } from '../model/runtime.js';
import type { IsaName } from '../native.js';
import { withUpstream } from '../program/upstream.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { Philox } from '../util/philox.js';
import { RandomUse, randomStream } from '../util/random-stream.js';
import { type Shape, sizeOf } from '../util/shape.js';
import { someIndices } from '../util/some-indices.js';
import { type CheckedBatch, firstSamples } from './batch.js';
import { type Differences, differentiate, STEP } from './central-differences.js';
import { compareTensor, type TensorCheck, TOLERANCE } from './comparison.js';
import { DOUBLE, Objective, type Point } from './objective.js';

/** Options of `checkGradients`. */
export interface CheckGradientsOptions extends Omit<RunOptions, 'memoryLimit'> {
  /**
   * So many random samples, or the first so many of the data.
   * @default 4
   */
  samples?: number;
  /**
   * Elements tried of each tensor, each by two evaluations in double precision.
   * @default 20
   */
  elements?: number;
  /**
   * Draws the elements, and samples and labels where no data is given.
   * @default 0
   */
  seed?: number;
}

/** How the gradients of a model compare with central differences. */
export interface GradientCheck {
  /** Whether all tensors passed, and something was compared. */
  readonly passed: boolean;
  /** What is differentiated: the loss the model is compiled with, or for a model that is not, `sum(dy * output)` with a random dy. */
  readonly objective: string;
  readonly samples: number;
  readonly isa: IsaName;
  /** Largest error of a tensor that passes. */
  readonly tolerance: { readonly float32: number; readonly float64: number };
  /** Trained parameters, then inputs. */
  readonly tensors: readonly TensorCheck[];
}

/** Of what is summed up in a loss, so many units in the last place may be rounding. */
const ROUNDINGS = 4;

/**
 * Compares a model's gradients with central differences of its loss in double precision, element by element: for every
 * trained parameter and every input, those that training computes (float32, on the kernels in use) and those of the same
 * program in double precision.
 *
 * An error is the difference as a part of the tensor's largest slope. Elements whose step crosses a kink, as of relu or max
 * pooling, are left out.
 *
 * @param data samples and labels to take; random ones unless given
 * @throws InvalidArgumentError or ShapeError when options or data do not fit, the signal's reason when it is aborted
 */
export async function checkGradients(
  model: Model,
  data?: AnyDataset,
  options: CheckGradientsOptions = {},
): Promise<GradientCheck> {
  const who = 'checkGradients';
  if (!(model instanceof Model)) {
    throw new InvalidArgumentError(`${who}: expected a model, received ${describe(model)}.`);
  }
  checkOptions(who, options, ['samples', 'elements', 'seed', 'threads', 'isa', 'signal']);
  const { samples: most = 4, elements: mostElements = 20, seed = 0 } = options;
  checkInteger(who, 'samples', most, 1);
  checkInteger(who, 'elements', mostElements, 1);
  const random = new Philox(checkInteger(who, 'seed', seed, 0), randomStream(RandomUse.gradientCheck, 0));
  const { threads, isa, signal } = runSettings(who, options);
  const runtime = Model.runtimeOf(model);
  const { outputShape, inputs } = runtime;
  // Another compile while it runs is not to be seen in its results.
  const loss = runtime.compiledOrNone?.loss;
  const batch: CheckedBatch =
    data === undefined
      ? randomBatch(random, most, inputs, sizeOf(outputShape), loss)
      : firstSamples(who, data, most, inputs, loss, outputShape);
  const { samples } = batch;
  checkBatchStatistics(who, runtime.graph, { samplesPerEpoch: samples, batchSize: samples, givenSteps: false });

  const { objective, point, name } = await objectiveOf(runtime, loss, batch, random, { threads, signal });
  // The cheaper one, where it is the same function.
  const mode = objective.isSameInTraining() ? 'evaluate' : 'gradients';
  const valueAt = (at: Point) => objective.value(at, mode);
  const middle = await valueAt(point);
  const smallest = smallestSlope(middle);

  const ours = {
    float32: await objective.gradients(point, { isa, element: 'float32' }),
    float64: await objective.gradients(point, DOUBLE),
  };
  const found: { shape: Shape; differences: Differences; float32: ArrayLike<number>; float64: ArrayLike<number> }[] =
    [];
  const check = async (kind: 'parameters' | 'inputs', i: number, tensor: string, shape: Shape) => {
    const values = point[kind][i] as ArrayLike<number>;
    const changed = (array: Float64Array): Point => ({
      ...point,
      [kind]: point[kind].map((own, j) => (j === i ? array : own)),
    });
    const tried = someIndices(random, values.length, mostElements);
    const differences = await differentiate(
      tensor,
      values,
      tried,
      (array) => valueAt(changed(array)),
      middle,
      smallest,
    );
    const [float32, float64] = [ours.float32[kind][i], ours.float64[kind][i]] as [Float32Array, Float64Array];
    found.push({ shape, differences, float32, float64 });
  };
  for (const parameter of runtime.graph.parameters) {
    if (parameter.trainable) await check('parameters', parameter.slot, parameter.name, parameter.shape);
  }
  for (const [i, input] of runtime.inputs.entries()) await check('inputs', i, input.name, [samples, ...input.shape]);

  const largest = Math.max(...found.flatMap(({ differences }) => [...differences.slopes].map(Math.abs)));
  const tensors = found.map((tensor) => compareTensor(tensor, smallest, largest));
  const passed = tensors.every((tensor) => tensor.passed) && tensors.some(({ compared }) => compared > 0);
  return { passed, objective: name, samples, isa, tolerance: TOLERANCE, tensors };
}

/** The compiled loss; or of a model without one, a random projection of its output. */
async function objectiveOf(
  runtime: Runtime,
  loss: Loss | undefined,
  { inputs, samples, ...truth }: CheckedBatch,
  random: Philox,
  settings: { threads: number; signal: AbortSignal | undefined },
): Promise<{ objective: Objective; point: Point; name: string }> {
  const parameters = await runtime.parameters.read();
  const network = traceGraph(runtime.graph);
  if (loss) {
    const divisor = loss.reduction === 'mean' ? samples : 1;
    const objective = new Objective(network, loss, { samples, ...truth, divisor, ...settings });
    return { objective, point: { parameters, inputs }, name: loss.name };
  }
  const upstream = withUpstream(network);
  const length = samples * sizeOf(runtime.outputShape);
  const dy = Float32Array.from({ length }, () => random.nextNormal() / samples);
  const objective = new Objective(upstream.network, upstream.loss, { samples, divisor: 1, ...settings });
  return { objective, point: { parameters, inputs: [...inputs, dy] }, name: 'sum(dy * output)' };
}

/** Slopes below are too close to the rounding of a loss to be told by differences as exactly as the tolerance asks. */
function smallestSlope(loss: number): number {
  const rounding = ROUNDINGS * Number.EPSILON * Math.max(1, Math.abs(loss));
  return rounding / STEP / TOLERANCE.float64;
}

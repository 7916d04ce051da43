import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import type { LossRule } from '../losses/loss.js';
import { graphOf, traceGraph } from '../model/graph.js';
import { checkInput, transformOf } from '../model/input.js';
import { type IsaName, native } from '../native.js';
import { compile } from '../program/compile.js';
import type { CallDescription, Phase } from '../program/description.js';
import { ProgramRun } from '../program/program-run.js';
import { StepTimes } from '../program/step-times.js';
import { median } from '../util/median.js';
import { Philox } from '../util/philox.js';
import { type Shape, sizeOf } from '../util/shape.js';

export interface CallTimesOptions {
  /** Of one sample. */
  readonly inputShape: Shape;
  /** Applies the layers whose calls are timed. */
  build(input: SymbolicTensor): SymbolicTensor;
  readonly batchSize: number;
  /** Time to measure for. At least a few steps are measured. */
  readonly seconds: number;
  readonly threads: number;
  readonly isa: IsaName;
}

/** What one call takes of a step that computes a network and all of its gradients. */
export interface CallTime {
  /** Layer it works for. */
  readonly layer: string;
  /** Operator. */
  readonly op: string;
  readonly phase: Phase;
  /** Of the wall time of a step: see `callTimes`. 0 for what is prepared once a run, such as packed weights. */
  readonly seconds: number;
}

export interface CallTimes {
  readonly calls: readonly CallTime[];
  /** The machine's multiply-add peak with the same threads, GFLOP/s, measured in the same process. */
  readonly peak: number;
  /** Share of a step's wall time that the threads spent in calls, from 0 to 1; low where threads wait for each other. */
  readonly busy: number;
}

/** A few steps, of which the first does not count. */
const LEAST_STEPS = 4;
/** Samples are taken again and again: reading a large set would take caches from the calls that are timed. */
const MOST_SAMPLES = 16;
/** Values of the input repeat after so many: drawing all would take longer than measuring. A prime, so that no two samples are alike. */
const INPUT_PERIOD = 4099;

/**
 * The gradient of the output is the output itself, as if the loss were half its square: the loss then costs nothing beside the
 * calls that are timed.
 */
const FREE_LOSS: LossRule = {
  reads: 'labels', // nothing reads them here
  reduction: 'sum',
  inputOf: (output) => output,
  emit(emit, output) {
    emit.giveGradient(output, emit.bufferOf(output), true);
    return undefined;
  },
};

/**
 * Times every call of a step that computes the network, the gradient of its input and those of its weights.
 *
 * Threads run through several calls without meeting, so a call has no wall time of its own. It is given the time of all threads over
 * the number that are at work in the mean: waiting at the end of a stretch of calls is spread over its calls.
 */
export async function callTimes(options: CallTimesOptions): Promise<CallTimes> {
  const { seconds, threads, isa } = options;
  const program = compileNetwork(options);
  const { calls } = program.description;
  const runSteps = prepare(program, options);
  const peakBefore = await native.measurePeak(isa, threads);
  const times = new StepTimes(program);
  const stepSeconds = median((await runSteps(LEAST_STEPS)).stepSeconds());
  await times.measure(runSteps, { seconds, stepSeconds, least: LEAST_STEPS });
  const { atWork } = times;
  return {
    calls: times.calls.map((time, i) => {
      const { label: layer, op, phase } = calls[i] as CallDescription;
      return { layer, op, phase, seconds: phase === 'compute' ? time / atWork : 0 };
    }),
    peak: Math.max(peakBefore, await native.measurePeak(isa, threads)),
    busy: atWork / threads,
  };
}

function compileNetwork({ inputShape, build, batchSize, isa }: CallTimesOptions) {
  const input = new SymbolicTensor(inputShape, null, []);
  const graph = graphOf('bench', [input], build(input));
  const transforms = [transformOf(checkInput('bench', { shape: inputShape }))];
  const options = { mode: 'gradients', batchSize, element: 'float32', isa, transforms, loss: FREE_LOSS } as const;
  const { description } = compile(traceGraph(graph), options);
  // The input's gradient is computed, but not put out: the new memory of an output would take longer than a small convolution, and
  // threads that wait for each other's pages are waiting in the calls beside it too.
  const calls = description.calls.filter(({ op }) => op !== 'output');
  const timed = { ...description, calls, outputElements: 0 };
  return { graph, description: timed, native: new native.Program(timed) };
}

/** Runs so many steps in one native call, timing each call of the program. */
function prepare(program: ReturnType<typeof compileNetwork>, options: CallTimesOptions) {
  const { inputShape, batchSize, threads } = options;
  const random = new Philox(0);
  const { parameters } = program.graph;
  const slots = parameters.map(({ shape }) => sizeOf(shape));
  const weights = new native.Variables('float32', slots);
  // Tasks run in their order, so this copy is done before any run begins.
  void weights.write(parameters.map(({ name, shape, initializer }) => initializer(shape, random, name)));
  const features = sizeOf(inputShape);
  const period = Float32Array.from({ length: INPUT_PERIOD }, () => random.nextNormal());
  const distinct = Math.min(batchSize, MOST_SAMPLES);
  const samples = Float32Array.from({ length: distinct * features }, (_, i) => period[i % INPUT_PERIOD] as number);
  const inputs = {
    stores: [weights, new native.Variables('float32', slots)],
    dataset: new native.Dataset([{ samples, features }], new Int32Array(distinct)),
    scalars: new Float64Array(0),
    batchSize,
    threads,
    profile: true,
  };
  return (steps: number) => {
    const order = Int32Array.from({ length: steps * batchSize }, (_, i) => (i % batchSize) % distinct);
    return new ProgramRun(program, { ...inputs, order }).finished();
  };
}

import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import type { LossRule } from '../losses/loss.js';
import { graphOf, traceGraph } from '../model/graph.js';
import { checkInput, transformOf } from '../model/input.js';
import { type IsaName, native } from '../native.js';
import { compile } from '../program/compile.js';
import type { Phase } from '../program/description.js';
import { ProgramRun } from '../program/program-run.js';
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

/** A few steps, so that the first, whose memory is new, does not decide. */
const LEAST_STEPS = 4;
/** The gradient of the input is put out for every step of a run. */
const MOST_OUTPUT_BYTES = 256 * 2 ** 20;
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
 * Threads run through several calls without meeting, so a call has no wall time of its own. It is given the share of the median
 * step's wall time that it has of the time of all threads: waiting at the end of a stretch of calls is spread over its calls.
 */
export async function callTimes(options: CallTimesOptions): Promise<CallTimes> {
  const { batchSize, seconds, threads, isa } = options;
  const program = compileNetwork(options);
  const { calls, outputElements } = program.description;
  const runSteps = prepare(program, options);
  const mostSteps = Math.floor(MOST_OUTPUT_BYTES / (outputElements * batchSize * 4));
  const peakBefore = await native.measurePeak(isa, threads);
  let stepSeconds = median((await runSteps(LEAST_STEPS)).stepSeconds().slice(1));
  const times: number[] = [];
  const inCalls = new Float64Array(calls.length);
  let wall = 0;
  const end = performance.now() + seconds * 1000;
  do {
    const wanted = Math.ceil((end - performance.now()) / 1000 / stepSeconds);
    const run = await runSteps(Math.max(LEAST_STEPS, Math.min(wanted, mostSteps)));
    const [first = 0, ...others] = run.stepSeconds();
    times.push(...others); // the first touches new memory
    stepSeconds = median(times);
    wall += others.reduce((sum, time) => sum + time, first);
    for (const [i, time] of run.callSeconds().entries()) {
      if (calls[i]?.phase === 'compute') inCalls[i] = (inCalls[i] ?? 0) + time;
    }
  } while (performance.now() < end);
  const all = inCalls.reduce((sum, time) => sum + time, 0);
  return {
    calls: calls.map(({ label: layer, op, phase }, i) => {
      return { layer, op, phase, seconds: stepSeconds * ((inCalls[i] ?? 0) / all) };
    }),
    peak: Math.max(peakBefore, await native.measurePeak(isa, threads)),
    busy: all / threads / wall,
  };
}

function compileNetwork({ inputShape, build, batchSize, isa }: CallTimesOptions) {
  const input = new SymbolicTensor(inputShape, null, []);
  const graph = graphOf('bench', [input], build(input));
  const transforms = [transformOf(checkInput('bench', { shape: inputShape }))];
  const options = { mode: 'gradients', batchSize, element: 'float32', isa, transforms, loss: FREE_LOSS } as const;
  return { graph, ...compile(traceGraph(graph), options) };
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
  const samples = Float32Array.from({ length: batchSize * features }, (_, i) => period[i % INPUT_PERIOD] as number);
  const inputs = {
    stores: [weights, new native.Variables('float32', slots)],
    dataset: new native.Dataset([{ samples, features }], new Int32Array(batchSize)),
    scalars: new Float64Array(0),
    batchSize,
    threads,
    profile: true,
  };
  return (steps: number) => {
    const order = Int32Array.from({ length: steps * batchSize }, (_, i) => i % batchSize);
    return new ProgramRun(program, { ...inputs, order }).finished();
  };
}

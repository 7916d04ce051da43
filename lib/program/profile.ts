import { bytesOfBuffer, slicesOf } from './arena-plan.js';
import { callName } from './call-name.js';
import type { CompiledProgram } from './compile.js';
import type { BufferDescription, CallDescription, Phase } from './description.js';

/** What work costs in a step. */
export interface Cost {
  /** Of thread time, all threads together. */
  readonly milliseconds: number;
  /** Of the thread time of all calls, from 0 to 1; 0 for calls that are not made in every step. */
  readonly share: number;
  /** Of one thread while it works on it; 2 FLOP a multiply-add of the definition, whatever the kernel saves. 0 where there are none. */
  readonly gflops: number;
  /** Of one thread's multiply-add peak. Winograd can pass 100. */
  readonly percentOfPeak: number;
  /** Of all operands, each once. */
  readonly bytes: number;
  /** Those bytes over the thread time. */
  readonly gigabytesPerSecond: number;
}

/** One call of a program. */
export interface CallProfile extends Cost {
  /** Layer it works for, or `input`, `loss`, `output`. */
  readonly layer: string;
  /** Such as `winograd F(4x4,3x3) forward + relu`. */
  readonly call: string;
  /** Name of the operator in native code. */
  readonly op: string;
  /** `prepare`: packing weights; once a run when predicting, every step when training. */
  readonly phase: Phase;
}

/** All calls of a step, in their order, and their sum. */
export interface ProgramProfile {
  readonly calls: readonly CallProfile[];
  /** Of the calls made in every step. */
  readonly total: Cost;
}

/**
 * The profile of a program from the thread time each call took, in seconds: in a step, or each time where it is not made in
 * every step.
 *
 * @param peak GFLOP/s of one thread
 */
export function profileOf(program: CompiledProgram, seconds: readonly number[], peak: number): ProgramProfile {
  const { calls, batchSize } = program.description;
  const slices = slicesOf(program);
  const everyStep = everyStepOf(program);
  const work = calls.map((call, i) => ({
    seconds: seconds[i] ?? 0,
    flop: 2 * macsOf(call) * batchSize,
    bytes: bytesOf(program, call, slices),
  }));
  const regular = work.filter((_, i) => everyStep[i]);
  const sum = (part: 'seconds' | 'flop' | 'bytes') => regular.reduce((total, one) => total + one[part], 0);
  const all = { seconds: sum('seconds'), flop: sum('flop'), bytes: sum('bytes') };
  const costOf = ({ seconds: time, flop, bytes }: typeof all, counts: boolean): Cost => {
    const perSecond = (amount: number) => (time > 0 ? amount / time / 1e9 : 0);
    return {
      milliseconds: time * 1000,
      share: counts && all.seconds > 0 ? time / all.seconds : 0,
      gflops: perSecond(flop),
      percentOfPeak: (perSecond(flop) / peak) * 100,
      bytes,
      gigabytesPerSecond: perSecond(bytes),
    };
  };
  return {
    calls: calls.map((call, i) => ({
      layer: call.label,
      call: callName(call),
      op: call.op,
      phase: call.phase,
      ...costOf(work[i] as typeof all, everyStep[i] === true),
    })),
    total: costOf(all, true),
  };
}

/** Of each call whether every step makes it: weights that nobody changes are prepared once a run. */
export function everyStepOf({ description: { calls } }: Pick<CompiledProgram, 'description'>): boolean[] {
  const updates = calls.some(({ phase }) => phase === 'update');
  return calls.map(({ phase }) => updates || phase !== 'prepare');
}

/** Multiply-adds of one sample, as the definition of convolutions and dense layers has them. */
export function macsOf({ op, attributes }: CallDescription): number {
  // Packing has the attributes of the convolution it packs for.
  if (/Weights$/.test(op)) return 0;
  const { inputs, outputs, groups = 1, kernelSize } = attributes;
  // In bands, a call has the shapes of one of them.
  const outputShape = attributes.wholeOutput ?? attributes.outputShape;
  const area = (sizes: unknown) => (Array.isArray(sizes) ? sizes.reduce((product, size) => product * size, 1) : 0);
  const channels = Number(inputs ?? 0) * Number(outputs ?? 0);
  if (/^(flatD|d)ense/.test(op)) return channels;
  // Each channel by its filter, then the matrix.
  if (op === 'separableConvolution') return (Number(inputs) * area(kernelSize) + channels) * area(outputShape);
  // Whatever its algorithm, a convolution is known by its attributes. Those of depthwise ones are 1 input, 1 output a group.
  return channels * Number(groups) * area(outputShape) * area(kernelSize);
}

function bytesOf({ description: { buffers } }: CompiledProgram, { operands }: CallDescription, slices: number): number {
  const distinct = [...new Set(Object.values(operands))].map((index) => buffers[index] as BufferDescription);
  return distinct.reduce((sum, buffer) => sum + bytesOfBuffer(buffer, slices), 0);
}

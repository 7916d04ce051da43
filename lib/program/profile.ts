import type { BufferDescription, CallDescription, ProgramDescription } from './description.js';
import { LANES } from './description.js';

/** What one call of a program costs in a step. */
export interface CallProfile {
  /** Layer it works for. */
  readonly layer: string;
  /** Operator, which names the kernel chosen. */
  readonly op: string;
  /** Milliseconds of a step, all threads together. */
  readonly milliseconds: number;
  /** Of the time of all calls, from 0 to 1. */
  readonly share: number;
  /** Of one thread while it works on the call; 2 FLOP a multiply-add of the definition, whatever the kernel saves. 0 for calls that do none. */
  readonly gflops: number;
  /** Of one core's multiply-add peak. */
  readonly percentOfPeak: number;
  /** Bytes of all operands, each once. */
  readonly bytes: number;
  /** Those bytes over the time of one thread. */
  readonly gigabytesPerSecond: number;
}

/** Rows of a profile from the time each call took in one step of `samples`, all threads together. */
export function profileOf(
  program: ProgramDescription,
  seconds: Float64Array,
  samples: number,
  peakOfCore: number,
): CallProfile[] {
  const total = seconds.reduce((sum, time) => sum + time, 0);
  return program.calls.map((call, i) => {
    const time = seconds[i] ?? 0;
    const bytes = bytesOf(program, call, samples);
    const gflops = time > 0 ? (2 * macsOf(call) * samples) / time / 1e9 : 0;
    return {
      layer: call.label,
      op: call.op,
      milliseconds: time * 1000,
      share: total > 0 ? time / total : 0,
      gflops,
      percentOfPeak: (gflops / peakOfCore) * 100,
      bytes,
      gigabytesPerSecond: time > 0 ? bytes / time / 1e9 : 0,
    };
  });
}

/** Multiply-adds of one sample, as the definition of the operation has them. */
function macsOf({ op, attributes }: CallDescription): number {
  const number = (name: string) => Number(attributes[name] ?? 0);
  const area = (name: string) => {
    const [rows = 0, columns = 0] = attributes[name] as readonly number[];
    return rows * columns;
  };
  if (/^dense/.test(op)) return number('inputs') * number('outputs');
  if (/^(convolution|winograd(Convolution|DataGradient|WeightGradient))/.test(op)) {
    return number('inputs') * number('outputs') * number('groups') * area('outputShape') * area('kernelSize');
  }
  return 0;
}

function bytesOf({ buffers, element }: ProgramDescription, { operands }: CallDescription, samples: number): number {
  const size = element === 'float64' ? 8 : 4;
  const distinct = [...new Set(Object.values(operands))].map((index) => buffers[index] as BufferDescription);
  const groups = Math.ceil(samples / LANES);
  return distinct.reduce((sum, { space, elements }) => sum + elements * size * (space === 'sample' ? groups : 1), 0);
}

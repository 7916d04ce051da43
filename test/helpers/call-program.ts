import { type FloatArray, type IsaName, native } from '#lib/native.js';
import {
  type Attributes,
  type BufferDescription,
  type CallDescription,
  type ElementType,
  LANES,
  type Phase,
} from '#lib/program/description.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { inOrder } from '#lib/util/permutation.js';
import { toElement } from './test-network.js';
import type { Numbers } from './values.js';

/** A tensor of every sample of the batch. */
export interface SampleOperand {
  readonly features: number;
  /** `[N, features]`, or null for memory that calls fill. */
  readonly values: Numbers | null;
}

/** Memory outside the samples: weights, statistics, sums. */
export interface VariableOperand {
  readonly size: number;
  readonly values: Numbers | null;
}

export interface CallSettings {
  readonly isa?: IsaName;
  readonly element?: ElementType;
  readonly samples: number;
  /** Lane groups that one partial sum covers. */
  readonly groupsPerBlock?: number;
}

type Results = <T extends SampleOperand | VariableOperand>(operand: T) => FloatArray;

/**
 * Native calls with exactly the operands a test wants, where a network would hand a kernel what other kernels made.
 * Samples lie one after another in memory, what is read from the data set first; nothing is ever reused, so that
 * everything can be read back after the run, also what a call wrote over its own input.
 */
export class CallProgram {
  readonly #settings: Required<CallSettings>;
  readonly #samples: SampleOperand[] = [];
  readonly #variables: VariableOperand[] = [];
  readonly #calls: {
    op: string;
    operands: Record<string, SampleOperand | VariableOperand>;
    attributes: Attributes;
    phase: Phase;
  }[] = [];

  constructor(settings: CallSettings) {
    this.#settings = { isa: 'scalar', element: 'float32', groupsPerBlock: 1, ...settings };
  }

  /** Samples with values: `[N, features]`. Lanes beyond the last sample repeat one, as in every program. */
  input(values: Numbers): SampleOperand {
    return push(this.#samples, { features: values.length / this.#settings.samples, values });
  }

  /** Samples without values. */
  sample(features: number): SampleOperand {
    return push(this.#samples, { features, values: null });
  }

  /** Numbers of each lane group as a whole; not to be read back. */
  group(elements: number): SampleOperand {
    return this.sample(Math.ceil(elements / LANES));
  }

  /** Values, or memory for so many: NaN at first, so that a result that is not written shows. */
  variable(values: Numbers | number): VariableOperand {
    const given = typeof values === 'number' ? { size: values, values: null } : { size: values.length, values };
    return push(this.#variables, given);
  }

  call(
    op: string,
    operands: Record<string, SampleOperand | VariableOperand>,
    attributes: Attributes = {},
    phase: Phase = 'compute',
  ): void {
    this.#calls.push({ op, operands, attributes, phase });
  }

  /** Runs all calls once, and gives what each operand holds then. */
  async run(threads = 1): Promise<Results> {
    const { element, samples: count } = this.#settings;
    const filled = this.#samples.filter(({ values }) => values !== null);
    const order = [...filled, ...this.#samples.filter(({ values }) => values === null)];
    const store = new native.Variables(
      element,
      this.#variables.map(({ size }) => size),
    );
    void store.write(
      this.#variables.map(({ size, values }) => toElement(element, values ?? new Array(size).fill(NaN))),
    );
    const { description, first, features } = this.#describe(filled, order);
    const run = await new ProgramRun(
      { native: new native.Program(description), description },
      {
        stores: [store],
        dataset: new native.Dataset(...interleaved(filled, count, element), null),
        order: inOrder(count),
        batchSize: count,
        scalars: new Float64Array(0),
        threads,
      },
    ).finished();
    const slots = await store.read();
    const output = features > 0 ? run.output() : new Float32Array(0);
    return (operand) => {
      const slot = this.#variables.indexOf(operand as VariableOperand);
      if (slot >= 0) return slots[slot] as FloatArray;
      const { features: own } = operand as SampleOperand;
      const start = first.get(operand as SampleOperand) as number;
      const parts = Array.from({ length: count }, (_, n) => output.subarray(n * features + start).subarray(0, own));
      return toElement(
        element,
        parts.flatMap((part) => [...part]),
      );
    };
  }

  #describe(filled: readonly SampleOperand[], order: readonly SampleOperand[]) {
    const { isa, element, samples: batchSize, groupsPerBlock } = this.#settings;
    const laneBytes = LANES * (element === 'float64' ? 8 : 4);
    const sum = (list: readonly SampleOperand[]) => list.reduce((total, { features }) => total + features, 0);
    const [inputFeatures, features] = [sum(filled), sum(order)];
    const first = new Map(order.map((operand, i) => [operand, sum(order.slice(0, i))]));
    const sampleBuffer = (start: number, count: number): BufferDescription => {
      return { space: 'sample', element, elements: count * LANES, offset: start * laneBytes };
    };
    const known: (SampleOperand | VariableOperand)[] = [...order, ...this.#variables];
    const buffers: BufferDescription[] = [
      ...order.map((operand) => sampleBuffer(first.get(operand) as number, operand.features)),
      ...this.#variables.map(({ size }, slot) => {
        return { space: 'variable', element, elements: size, store: 0, slot } as const;
      }),
      sampleBuffer(0, inputFeatures),
      sampleBuffer(0, features),
    ];
    const describe = (op: string, operands: Record<string, number>, attributes: Attributes, phase: Phase) => {
      return { label: '', op, phase, operands, attributes } satisfies CallDescription;
    };
    const own = this.#calls.map(({ op, operands, attributes, phase }) => {
      const indices = Object.entries(operands).map(([name, operand]) => [name, known.indexOf(operand)]);
      return describe(op, Object.fromEntries(indices), attributes, phase);
    });
    const identity = { channels: 1, pixels: inputFeatures, scale: [1], shift: [0] };
    const gather = describe('gather', { y: buffers.length - 2 }, identity, 'compute');
    const output = describe('output', { x: buffers.length - 1 }, { features }, 'compute');
    const description = {
      ...{ isa, element, batchSize, groupsPerBlock, buffers, sampleBytes: features * laneBytes, sharedBytes: 0 },
      ...{ inputElements: Math.max(1, inputFeatures), outputElements: features, classes: 0, metrics: 0, scalars: 0 },
      stores: [this.#variables.length],
      calls: [
        ...own.filter(({ phase }) => phase === 'prepare'),
        ...(inputFeatures > 0 ? [gather] : []),
        ...own.filter(({ phase }) => phase === 'compute'),
        ...(features > 0 ? [output] : []),
        ...own.filter(({ phase }) => phase === 'update'),
      ],
    };
    return { description, first, features };
  }
}

function push<T>(list: T[], value: T): T {
  list.push(value);
  return value;
}

/** Each sample's values of all inputs, one after another. */
function interleaved(inputs: readonly SampleOperand[], count: number, element: ElementType): [FloatArray, number] {
  const features = inputs.reduce((total, input) => total + input.features, 0);
  if (features === 0) return [toElement(element, new Array(count).fill(0)), 1];
  const all = toElement(element, new Array(count * features).fill(0));
  let start = 0;
  for (const { features: own, values } of inputs) {
    for (let n = 0; n < count; n++) {
      for (let f = 0; f < own; f++) all[n * features + start + f] = (values as Numbers)[n * own + f] as number;
    }
    start += own;
  }
  return [all, features];
}

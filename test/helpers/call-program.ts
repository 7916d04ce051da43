import { type FloatArray, native } from '#lib/native.js';
import {
  type Attributes,
  type BufferDescription,
  type CallDescription,
  LANES,
  type Phase,
  type ProgramDescription,
} from '#lib/program/description.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { inOrder } from '#lib/util/permutation.js';
import type { Kernels } from './isas.js';
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

export type Operand = SampleOperand | VariableOperand;

export interface CallSettings extends Kernels {
  readonly samples: number;
  /** Lane groups that one partial sum covers. */
  readonly groupsPerBlock?: number;
  /** 16, or 1 for calls whose lanes are channels. */
  readonly samplesPerGroup?: number;
  /** Number of the step that runs. */
  readonly firstStep?: number;
  /** Numbers the step records. */
  readonly metrics?: number;
}

interface Call {
  readonly op: string;
  readonly operands: Readonly<Record<string, Operand>>;
  readonly attributes: Attributes;
  readonly phase: Phase;
}

/**
 * Native calls with exactly the operands a test wants, where a network would hand a kernel what other kernels made.
 * Samples lie one after another in memory, those with values first; no memory is used twice, so that everything can be
 * read back after the run, also what a call wrote over its own input.
 */
export class CallProgram {
  readonly #settings: Required<CallSettings>;
  readonly #inputs: SampleOperand[] = [];
  readonly #others: SampleOperand[] = [];
  readonly #variables: VariableOperand[] = [];
  readonly #calls: Call[] = [];
  readonly #finite: VariableOperand[] = [];
  #metrics: Float64Array = new Float64Array(0);
  #metNonFinite = false;

  constructor(settings: CallSettings) {
    this.#settings = {
      isa: 'scalar',
      element: 'float32',
      groupsPerBlock: 1,
      samplesPerGroup: LANES,
      firstStep: 0,
      metrics: 0,
      ...settings,
    };
  }

  /** Samples with values: `[N, features]`. Lanes beyond the last sample repeat one, as in every program. */
  input(values: Numbers): SampleOperand {
    return added(this.#inputs, { features: values.length / this.#settings.samples, values });
  }

  /** The same with zeros in lanes without a sample, which gradients have from the loss on. */
  gradient(values: Numbers): SampleOperand {
    const dy = this.input(values);
    const dx = this.sample(dy.features);
    const [a, b, c] = [this.variable([1]), this.variable([0]), this.variable([0])];
    this.call('batchNormGradient', { dx, dy, x: dy, a, b, c }, { channels: 1, pixels: dy.features });
    return dx;
  }

  /** Samples without values. */
  sample(features: number): SampleOperand {
    return added(this.#others, { features, values: null });
  }

  /** Numbers of each lane group as a whole; not to be read back. */
  group(elements: number): SampleOperand {
    return this.sample(Math.ceil(elements / LANES));
  }

  /** Values, or memory for so many: NaN at first, so that a result that is not written shows. */
  variable(values: Numbers | number): VariableOperand {
    const given = typeof values === 'number' ? { size: values, values: null } : { size: values.length, values };
    return added(this.#variables, given);
  }

  call(op: string, operands: Record<string, Operand>, attributes: Attributes = {}, phase: Phase = 'compute'): void {
    this.#calls.push({ op, operands, attributes, phase });
  }

  /** Lets a step end before its update when this is not finite. */
  expectFinite(operand: VariableOperand): void {
    this.#finite.push(operand);
  }

  /** Runs all calls once, and gives what an operand holds then. */
  async run(threads = 2): Promise<(operand: Operand) => FloatArray> {
    const { element, samples: count, firstStep } = this.#settings;
    const sizes = this.#variables.map(({ size }) => size);
    const store = new native.Variables(element, sizes);
    const unwritten = (size: number) => new Array<number>(size).fill(Number.NaN);
    void store.write(this.#variables.map(({ size, values }) => toElement(element, values ?? unwritten(size))));
    const description = this.#describe();
    const inputs = {
      stores: [store],
      dataset: new native.Dataset(
        description.inputElements.map((features) => ({ samples: this.#dataset(features), features })),
        null,
      ),
      order: inOrder(count),
      batchSize: count,
      scalars: new Float64Array(0),
      firstStep,
      threads,
      stopAtNonFinite: this.#finite.length > 0,
    };
    const run = await new ProgramRun({ native: new native.Program(description) }, inputs).finished();
    this.#metrics = run.metrics(0);
    this.#metNonFinite = run.metNonFinite();
    const slots = await store.read();
    const output = description.outputElements > 0 && !this.#metNonFinite ? run.output() : new Float32Array(0);
    return (operand) => {
      if ('size' in operand) return slots[this.#variables.indexOf(operand)] as FloatArray;
      const values = toElement(element, { length: count * operand.features });
      for (let n = 0; n < count; n++) {
        const start = n * description.outputElements + this.#start(operand);
        values.set(output.subarray(start, start + operand.features), n * operand.features);
      }
      return values;
    };
  }

  /** What the step of the last run recorded. */
  get metrics(): Float64Array {
    return this.#metrics;
  }

  /** Whether the last run ended before its update. */
  get metNonFinite(): boolean {
    return this.#metNonFinite;
  }

  /** Features before this operand in a sample's memory. */
  #start(operand: SampleOperand): number {
    const all = [...this.#inputs, ...this.#others];
    return this.#room(all.slice(0, all.indexOf(operand)));
  }

  /** Features of all operands; a single sample's memory begins at whole rows of lanes for each of them. */
  #room(operands: readonly SampleOperand[]): number {
    const row = LANES / this.#settings.samplesPerGroup;
    return operands.reduce((total, { features }) => total + Math.ceil(features / row) * row, 0);
  }

  /** Each sample's values of all inputs, one after another. */
  #dataset(features: number): FloatArray {
    const { element, samples: count } = this.#settings;
    const all = toElement(element, { length: count * features }).fill(0);
    for (const input of this.#inputs) {
      const [values, start] = [toElement(element, input.values ?? []), this.#start(input)];
      for (let n = 0; n < count; n++) {
        all.set(values.subarray(n * input.features, (n + 1) * input.features), n * features + start);
      }
    }
    return all;
  }

  /** Inputs are gathered as one tensor, and all samples put out as one. */
  #describe(): ProgramDescription {
    const { isa, element, samples: batchSize, groupsPerBlock, samplesPerGroup, metrics } = this.#settings;
    const laneBytes = samplesPerGroup * (element === 'float64' ? 8 : 4);
    const operands: Operand[] = [...this.#inputs, ...this.#others, ...this.#variables];
    const [gathered, all] = [this.#room(this.#inputs), this.#room([...this.#inputs, ...this.#others])];
    const single = samplesPerGroup === 1;
    const slice = (start: number, features: number): BufferDescription => {
      return { space: 'sample', element, elements: features * samplesPerGroup, offset: start * laneBytes };
    };
    const buffers = operands.map((operand): BufferDescription => {
      if ('features' in operand) return slice(this.#start(operand), operand.features);
      const slot = this.#variables.indexOf(operand);
      return { space: 'variable', element, elements: operand.size, store: 0, slot };
    });
    const own = this.#calls.map((call): CallDescription => {
      const indices = Object.entries(call.operands).map(([name, operand]) => [name, operands.indexOf(operand)]);
      return { ...call, label: '', operands: Object.fromEntries(indices) };
    });
    const during = (phase: Phase) => own.filter((call) => call.phase === phase);
    const compute = { label: '', phase: 'compute' } as const;
    // One pixel of so many channels lies as the sample does.
    const ones = new Array<number>(gathered).fill(1);
    const identity = single
      ? { part: 0, channels: gathered, pixels: 1, scale: ones, shift: ones }
      : { part: 0, channels: 1, pixels: gathered, scale: [1], shift: [0] };
    const gather = {
      ...compute,
      op: single ? 'channelGather' : 'gather',
      operands: { y: buffers.length },
      attributes: identity,
    };
    const output = {
      ...compute,
      op: single ? 'flatOutput' : 'output',
      operands: { x: buffers.length + 1 },
      attributes: { first: 0, features: all },
    };
    return {
      ...{
        isa,
        element,
        batchSize,
        samplesPerGroup,
        groupsPerBlock,
        sampleBytes: all * laneBytes,
        sharedBytes: 0,
      },
      ...{ inputElements: [Math.max(1, gathered)], outputElements: all, classes: 0, targetElements: 0 },
      ...{ metrics, scalars: 0 },
      stores: [this.#variables.length],
      buffers: [...buffers, slice(0, gathered), slice(0, all)],
      finite: this.#finite.map((operand) => operands.indexOf(operand)),
      calls: [
        ...during('prepare'),
        ...(gathered > 0 ? [gather] : []),
        ...during('compute'),
        ...(all > 0 ? [output] : []),
        ...during('update'),
      ],
    };
  }
}

function added<T>(list: T[], value: T): T {
  list.push(value);
  return value;
}

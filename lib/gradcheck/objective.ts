import type { LossRule } from '../losses/loss.js';
import type { FloatArray, IsaName } from '../native.js';
import { type Numbers, runOnArrays, splitOutput } from '../program/array-run.js';
import {
  type CompiledProgram,
  compile,
  type InputTransform,
  type Mode,
  type TracedNetwork,
} from '../program/compile.js';
import { describeProgram } from '../program/describe-program.js';
import { type ElementType, LANES } from '../program/description.js';
import { sizeOf } from '../util/shape.js';

const PLAIN: InputTransform = { channels: 1, scale: [1], shift: [0] };

/** Kernels to compute with. */
export interface Kernels {
  readonly isa: IsaName;
  readonly element: ElementType;
}

/** Any ISA's name will do: doubles have scalar kernels only. */
export const DOUBLE: Kernels = { isa: 'scalar', element: 'float64' };

/** Values of everything the loss depends on. */
export interface Point {
  /** In the order of their slots. */
  readonly parameters: readonly Numbers[];
  /** Of each input of the network, all samples. */
  readonly inputs: readonly Numbers[];
}

export interface ObjectiveSettings {
  readonly samples: number;
  readonly labels?: Int32Array | undefined;
  readonly targets?: Float32Array | undefined;
  readonly weights?: Float32Array | undefined;
  /** What the sum of the samples' losses is divided by. */
  readonly divisor: number;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/** A number that a network's parameters and inputs decide, and its gradients as programs compute them. */
export class Objective {
  readonly #network: TracedNetwork;
  readonly #loss: LossRule;
  readonly #settings: ObjectiveSettings;
  readonly #programs = new Map<string, CompiledProgram>();

  constructor(network: TracedNetwork, loss: LossRule, settings: ObjectiveSettings) {
    this.#network = network;
    this.#loss = loss;
    this.#settings = settings;
  }

  /** In double precision: by a program that evaluates, or by one that trains. */
  async value(point: Point, mode: 'evaluate' | 'gradients'): Promise<number> {
    return this.#valueOf((await this.#run(point, mode, DOUBLE)).run.metrics(0));
  }

  async gradients(
    point: Point,
    kernels: Kernels,
  ): Promise<{ parameters: readonly FloatArray[]; inputs: FloatArray[] }> {
    const { run, gradients } = await this.#run(point, 'gradients', kernels);
    const sizes = this.#network.inputs.map(({ shape }) => sizeOf(shape));
    return { parameters: gradients, inputs: splitOutput(run.output(), sizes, this.#settings.samples) };
  }

  /** Whether layers do in training what they do in an evaluation: a value could be the same by chance, as where zeros follow. */
  isSameInTraining(): boolean {
    const transforms = this.#network.inputs.map(() => PLAIN);
    // Of few samples a prediction has rules of its own.
    const options = { mode: 'predict', batchSize: LANES, transforms, ...DOUBLE } as const;
    const [inTraining, otherwise] = [true, false].map((training) =>
      JSON.stringify(describeProgram(this.#network, { ...options, training }).calls),
    );
    return inTraining === otherwise;
  }

  #valueOf(metrics: Float64Array): number {
    return (metrics[0] ?? Number.NaN) / this.#settings.divisor;
  }

  #run(point: Point, mode: Mode, kernels: Kernels) {
    const { samples } = this.#settings;
    const key = `${mode} ${kernels.isa} ${kernels.element}`;
    const transforms = this.#network.inputs.map(() => PLAIN);
    const options = { mode, batchSize: samples, transforms, loss: this.#loss, ...kernels };
    const program = this.#programs.get(key) ?? compile(this.#network, options);
    this.#programs.set(key, program);
    return runOnArrays(this.#network, program, { ...point, ...this.#settings });
  }
}

import { sizeOf } from '../util/shape.js';
import type { Buffer } from './buffer.js';
import { CallCollector } from './call-collector.js';
import { channelRows } from './channel-lanes.js';
import { LANES, type ProgramDescription } from './description.js';
import { writeInPlace } from './in-place.js';
import { layOut } from './layout.js';
import type { Operation, Parameter, Value } from './operation.js';

/**
 * What operations state their rules to: the values and gradients they make and read, beside their calls. Orders those,
 * plans their memory and gives the description for native code.
 */
export class Emitter extends CallCollector {
  readonly #values = new Map<Value, Buffer>();
  readonly #gradients = new Map<Value, Buffer>();
  readonly #parameterGradients = new Map<Parameter, Buffer>();
  readonly #wanted = new Set<Value>();
  readonly #sharedGradients = new Set<Buffer>();
  readonly #rectified = new Set<Value>();
  readonly #kept = new Map<Operation, Map<string, Buffer>>();

  // ---- values ----

  /** The buffer of a value that an operation before has made. */
  bufferOf(value: Value): Buffer {
    return known(this.#values.get(value), 'a value is read before it is made');
  }

  /** New memory for a value. */
  define(value: Value): Buffer {
    const { channelLanes } = this.options;
    return this.alias(
      value,
      channelLanes ? this.group(channelRows(value.shape) * LANES) : this.sample(sizeOf(value.shape)),
    );
  }

  /** Lets a value live in memory that exists already. */
  alias(value: Value, buffer: Buffer): Buffer {
    this.#values.set(value, buffer);
    return buffer;
  }

  /** Shared memory that an operation fills in its forward pass and reads again in its gradient. */
  kept(operation: Operation, name: string, elements: number): Buffer {
    return this.#keep(operation, name, () => this.shared(elements));
  }

  /** The same in every lane group's slice, for `features` elements of each sample. */
  keptSample(operation: Operation, name: string, features: number): Buffer {
    return this.#keep(operation, name, () => this.sample(features));
  }

  #keep(operation: Operation, name: string, make: () => Buffer): Buffer {
    const own = this.#kept.get(operation) ?? new Map<string, Buffer>();
    this.#kept.set(operation, own);
    const buffer = own.get(name) ?? make();
    own.set(name, buffer);
    return buffer;
  }

  // ---- gradients of values ----

  /** Asks for the gradient of a value. */
  want(value: Value): void {
    this.#wanted.add(value);
  }

  wants(value: Value): boolean {
    return this.#wanted.has(value);
  }

  /** The gradient of an operation's output, to be read. */
  gradientOf(value: Value): Buffer {
    return known(this.#gradients.get(value), 'a gradient is read before it is made');
  }

  /** Where an operation may write what it makes of the gradient of its output: over it, unless others read that too. */
  overGradientOf(value: Value): Buffer {
    return this.over(this.gradientOf(value));
  }

  /** The same for a gradient of any value: its own memory, or new memory of that size. */
  over(gradient: Buffer): Buffer {
    return this.#sharedGradients.has(gradient) ? this.group(gradient.elements) : gradient;
  }

  /**
   * Whether the gradient of a value, which a relu has made, is zero already where that value is: nothing is left to do for the
   * gradient of the relu.
   */
  isRectified(value: Value): boolean {
    return this.#rectified.has(value);
  }

  /** Gives an input its gradient by a call that writes it into new memory. `rectified` as in `isRectified`. */
  emitGradient(value: Value, emit: (dx: Buffer) => void, rectified = false): void {
    const dx = this.sample(sizeOf(value.shape));
    emit(dx);
    const first = !this.#gradients.has(value);
    this.giveGradient(value, dx);
    if (rectified && first) this.#rectified.add(value);
  }

  /** The same by a call that can add what other operations have given already: over it, unless others read that too. */
  emitGradientSum(value: Value, emit: (operands: { dx: Buffer; addend?: Buffer }) => void): void {
    const addend = this.#gradients.get(value);
    const dx = addend ? this.over(addend) : this.sample(sizeOf(value.shape));
    this.#rectified.delete(value);
    emit(addend ? { dx, addend } : { dx });
    this.#gradients.set(value, dx);
  }

  /**
   * Gives an input its gradient. Where several operations read the value, their gradients are added. `shared` says that
   * others hold this buffer too, so that nobody writes over it.
   */
  giveGradient(value: Value, buffer: Buffer, shared = false): void {
    if (shared) this.#sharedGradients.add(buffer);
    const before = this.#gradients.get(value);
    if (!before) {
      this.#gradients.set(value, buffer);
      return;
    }
    this.#rectified.delete(value);
    const own = [before, buffer].find((candidate) => !this.#sharedGradients.has(candidate));
    const sum = own ?? this.sample(sizeOf(value.shape));
    this.compute('add', { y: sum, a: before, b: buffer }, { features: sizeOf(value.shape), relu: 0 });
    this.#gradients.set(value, sum);
  }

  // ---- gradients of parameters ----

  /** Where an operation puts the finished gradient of a parameter. Asked for once by each operation that has it. */
  parameterGradient(parameter: Parameter): Buffer {
    const elements = sizeOf(parameter.shape);
    const found = this.#parameterGradients.get(parameter);
    if (found) {
      // A layer applied again: its gradient is added once both are complete.
      const again = this.shared(elements);
      this.accumulate(found, again);
      return again;
    }
    const { gradientStore } = this.options;
    const buffer =
      gradientStore === null ? this.shared(elements) : this.variable(gradientStore, parameter.slot, elements);
    this.#parameterGradients.set(parameter, buffer);
    return buffer;
  }

  /** The gradient of a parameter, complete: for updates. */
  finishedGradient(parameter: Parameter): Buffer {
    return known(
      this.#parameterGradients.get(parameter),
      `the gradient of ${parameter.name} is read before it is made`,
    );
  }

  /**
   * Memory for the gradient of a parameter that per-sample calls sum up: a partial sum for each block of samples, and
   * their addition in fixed order once all samples are done.
   */
  partialGradient(parameter: Parameter): Buffer {
    const whole = this.parameterGradient(parameter);
    if (this.blocks === 1) return whole;
    const elements = sizeOf(parameter.shape);
    const partial = this.shared(elements * this.blocks);
    this.complete('reduceBlocks', { y: whole, x: partial }, { elements });
    return partial;
  }

  /** The same for the partial gradients of Winograd convolutions, `[taps, inputs, outputs]`: the axes reversed. */
  partialTaps(parameter: Parameter): Buffer {
    const [outputs = 0, inputs = 0, ...kernelSize] = parameter.shape;
    const taps = sizeOf(kernelSize);
    const partial = this.shared(sizeOf(parameter.shape) * this.blocks);
    this.complete('reduceTaps', { y: this.parameterGradient(parameter), x: partial }, { outputs, inputs, taps });
    return partial;
  }

  // ---- the program ----

  finish(
    rest: Pick<
      ProgramDescription,
      'isa' | 'inputElements' | 'classes' | 'targetElements' | 'outputElements' | 'metrics' | 'scalars'
    >,
  ): ProgramDescription {
    const { element, batchSize, stores } = this.options;
    const { samplesPerGroup, groupsPerBlock } = this;
    const { indexOf, ...layout } = layOut(writeInPlace(this.calls()), element);
    const gradients = [...this.#parameterGradients.values()].flatMap((buffer) => indexOf(buffer) ?? []);
    return {
      ...rest,
      element,
      batchSize,
      stores,
      samplesPerGroup,
      groupsPerBlock,
      ...layout,
      finite: this.updates ? gradients : [],
    };
  }
}

function known<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(`cnnative: ${otherwise}`);
  return value;
}

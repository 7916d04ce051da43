import { sizeOf } from '../../util/shape.js';
import { channelBlocks } from '../channel-lanes.js';
import { LANES } from '../description.js';
import type { Emitter } from '../emitter.js';
import type { FusedActivation, Operation, Parameter, Value } from '../operation.js';
import { beforeActivation } from './before-activation.js';

export interface BatchNormalizationOptions {
  /** `null` for a factor of 1. */
  readonly gamma: Parameter | null;
  /** `null` for a summand of 0. */
  readonly beta: Parameter | null;
  readonly runningMean: Parameter;
  readonly runningVariance: Parameter;
  readonly epsilon: number;
  /** Weight of the old value in running statistics. */
  readonly momentum: number;
  readonly activation: 'linear' | 'relu';
  /** Whether running statistics serve in training too, and stay as they are. */
  readonly frozen?: boolean;
  /** A value of the same shape to be added before the activation. */
  readonly addend?: Value;
}

/** The operands gamma and beta of a call, as far as there are such parameters. */
export function affineOf(emit: Emitter, { gamma, beta }: Pick<BatchNormalizationOptions, 'gamma' | 'beta'>) {
  return { ...(gamma && { gamma: emit.parameter(gamma) }), ...(beta && { beta: emit.parameter(beta) }) };
}

/**
 * `y = act((x - mean) / sqrt(variance + epsilon) * gamma + beta + addend)` for each channel, over pixels and samples: of the batch in training,
 * of the running statistics otherwise (Ioffe and Szegedy, "Batch normalization", 2015).
 */
export class BatchNormalization implements Operation {
  readonly inputs: readonly [Value, ...Value[]];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  readonly options: BatchNormalizationOptions;
  readonly #size: { readonly channels: number; readonly pixels: number };

  constructor(x: Value, options: BatchNormalizationOptions, output?: Value) {
    this.inputs = options.addend ? [x, options.addend] : [x];
    this.options = options;
    this.output = output ?? { shape: x.shape, producer: this };
    const { gamma, beta, runningMean, runningVariance } = options;
    this.parameters = [gamma, beta, runningMean, runningVariance].filter((parameter) => parameter !== null);
    const [channels = 0, ...spatial] = x.shape;
    this.#size = { channels, pixels: sizeOf(spatial) };
  }

  forward(emit: Emitter): void {
    const { epsilon, momentum, activation, addend, frozen } = this.options;
    const { channels } = this.#size;
    const x = emit.bufferOf(this.inputs[0]);
    const affine = affineOf(emit, this.options);
    const [runningMean, runningVariance] = this.#running(emit);
    const { scale, shift } = this.#affine(emit);
    if (emit.training && !frozen) {
      const moments = emit.group(channels * 2);
      const { mean, variance } = this.#statistics(emit);
      emit.compute('batchNormMoments', { moments, x }, this.#size);
      const operands = { moments, mean, variance, scale, shift, ...affine };
      emit.compute('batchNormStatistics', operands, { ...this.#size, epsilon });
      const attributes = { ...this.#size, momentum };
      if (emit.updates) emit.update('batchNormRunning', { runningMean, runningVariance, mean, variance }, attributes);
    } else {
      const operands = { scale, shift, ...affine, mean: runningMean, variance: runningVariance };
      emit.prepare('batchNormScale', operands, { channels, epsilon });
    }
    const y = emit.define(this.output);
    const operands = { y, x, scale, shift };
    const attributes = { ...this.#size, relu: activation === 'relu' ? 1 : 0 };
    emit.compute('scaleShift', addend ? { ...operands, addend: emit.bufferOf(addend) } : operands, attributes);
  }

  /** Of fixed statistics: where no convolution or dense layer takes it in. */
  forwardOnChannels() {
    return (emit: Emitter) => {
      const { epsilon, activation, addend } = this.options;
      const { channels } = this.#size;
      const [mean, variance] = this.#running(emit);
      const padded = channelBlocks(channels) * LANES;
      const scale = emit.shared(padded);
      const shift = emit.shared(padded);
      const statistics = { mean, variance, ...affineOf(emit, this.options) };
      emit.prepare('batchNormScale', { scale, shift, ...statistics }, { channels, epsilon });
      const operands = { y: emit.define(this.output), x: emit.bufferOf(this.inputs[0]), scale, shift };
      const attributes = { ...this.#size, relu: activation === 'relu' ? 1 : 0 };
      emit.compute('channelScaleShift', addend ? { ...operands, addend: emit.bufferOf(addend) } : operands, attributes);
    };
  }

  gradient(emit: Emitter): void {
    if (this.options.frozen) {
      this.#frozenGradient(emit);
      return;
    }
    const { gamma, beta, epsilon, activation, addend } = this.options;
    const { channels } = this.#size;
    const [input] = this.inputs;
    const x = emit.bufferOf(input);
    const dy = emit.gradientOf(this.output);
    const { mean, variance } = this.#statistics(emit);
    const sums = emit.group(channels * 2);
    // The gradient of the relu behind rides along. What it let pass is seen from x again, unless an addend took part: then
    // from its result, and the gradient before it is written over dy where nobody else reads that.
    const relu = activation === 'relu' && !emit.isRectified(this.output);
    const fromResult = relu && addend !== undefined;
    const masked = fromResult ? emit.overGradientOf(this.output) : dy;
    const behind = relu && !addend ? this.#affine(emit) : {};
    const operands = { sums, dy, x, mean, ...behind };
    emit.compute(
      'batchNormGradientSums',
      fromResult ? { ...operands, masked, y: emit.bufferOf(this.output) } : operands,
      this.#size,
    );
    if (addend && emit.wants(addend)) emit.giveGradient(addend, masked, true);
    const [a, b, c] = [emit.shared(channels), emit.shared(channels), emit.shared(channels)];
    emit.compute(
      'batchNormGradientStatistics',
      {
        ...{ sums, mean, variance, a, b, c },
        ...(gamma && { gamma: emit.parameter(gamma), dgamma: emit.parameterGradient(gamma) }),
        ...(beta && { dbeta: emit.parameterGradient(beta) }),
      },
      { ...this.#size, epsilon },
    );
    if (!emit.wants(input)) return;
    const dx = fromResult ? emit.over(masked) : emit.overGradientOf(this.output);
    emit.compute('batchNormGradient', { dx, dy: masked, x, a, b, c, ...behind }, this.#size);
    emit.giveGradient(input, dx);
  }

  /** Of fixed statistics: `dx = dy * gamma / sqrt(variance + epsilon)`. */
  #frozenGradient(emit: Emitter): void {
    const { gamma, epsilon, activation, addend, runningVariance } = this.options;
    const { channels } = this.#size;
    const [input] = this.inputs;
    const dy = beforeActivation(emit, this.output, activation);
    if (addend && emit.wants(addend)) emit.giveGradient(addend, dy, true);
    if (!emit.wants(input)) return;
    const [scale, shift] = [emit.shared(channels), emit.shared(channels)];
    const factors = { scale, shift, variance: emit.parameter(runningVariance) };
    emit.prepare('batchNormScale', { ...factors, ...affineOf(emit, { gamma, beta: null }) }, { channels, epsilon });
    const dx = emit.over(dy);
    emit.compute('scaleShift', { y: dx, x: dy, scale, shift }, { ...this.#size, relu: 0 });
    emit.giveGradient(input, dx);
  }

  withActivation(activation: FusedActivation, output: Value): BatchNormalization | undefined {
    if (activation !== 'relu' || this.options.activation !== 'linear') return undefined;
    return new BatchNormalization(this.inputs[0], { ...this.options, activation }, output);
  }

  withAddend(addend: Value, output: Value): BatchNormalization | undefined {
    if (this.options.addend || this.options.activation !== 'linear') return undefined;
    return new BatchNormalization(this.inputs[0], { ...this.options, addend }, output);
  }

  #running(emit: Emitter) {
    const { runningMean, runningVariance } = this.options;
    return [emit.parameter(runningMean), emit.parameter(runningVariance)] as const;
  }

  /** What the normalisation comes down to, made by the forward pass and read again by the gradient of a relu behind. */
  #affine(emit: Emitter) {
    const { channels } = this.#size;
    return { scale: emit.kept(this, 'scale', channels), shift: emit.kept(this, 'shift', channels) };
  }

  /** Mean and variance of the batch, made by the forward pass and read again by the gradient. */
  #statistics(emit: Emitter) {
    const { channels } = this.#size;
    return { mean: emit.kept(this, 'mean', channels), variance: emit.kept(this, 'variance', channels) };
  }
}

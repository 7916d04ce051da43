import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import { activationAttributes } from '../fused-activation.js';
import type { FusedActivation, Operation, Parameter, Value } from '../operation.js';
import { emitChannelActivation } from './activation.js';
import type { BatchNormalizationOptions } from './batch-normalization.js';
import { beforeActivation } from './before-activation.js';
import { foldedWeights } from './folded-weights.js';

export interface DenseOptions {
  readonly kernel: Parameter;
  readonly bias: Parameter | null;
  readonly activation: FusedActivation;
  /** A batch normalisation of fixed statistics, folded into kernel and bias. */
  readonly normalization?: BatchNormalizationOptions;
}

/** `y = act(w x + b)`: x `[C]`, w `[K, C]`, y `[K]`. Gradients: `dx = transpose(w) dy`, `dw = dy transpose(x)`. */
export class Dense implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  readonly #options: DenseOptions;

  constructor(x: Value, options: DenseOptions, output?: Value) {
    this.inputs = [x];
    this.#options = options;
    const [units = 0] = options.kernel.shape;
    this.output = output ?? { shape: [units], producer: this };
    this.parameters = options.bias ? [options.kernel, options.bias] : [options.kernel];
  }

  forward(emit: Emitter): void {
    const { kernel, activation } = this.#options;
    const [outputs = 0, inputs = 0] = kernel.shape;
    const weights = foldedWeights(emit, this.#options);
    const w = emit.shared(sizeOf(kernel.shape));
    emit.prepare(
      'packWeights',
      { packed: w, w: weights.kernel },
      { outputs, inputs, taps: 1, pixels: 1, groups: 1, swapped: 0 },
    );
    const y = emit.define(this.output);
    const x = emit.bufferOf(this.inputs[0]);
    const operands = weights.bias ? { y, x, w, bias: weights.bias } : { y, x, w };
    emit.compute('dense', operands, { outputs, inputs, ...activationAttributes(activation) });
  }

  forwardOnChannels() {
    return (emit: Emitter) => {
      const { kernel, activation } = this.#options;
      const [outputs = 0, inputs = 0] = kernel.shape;
      const weights = foldedWeights(emit, this.#options);
      const y = emit.define(this.output);
      const operands = { y, x: emit.bufferOf(this.inputs[0]), w: weights.kernel };
      const relu = activation === 'relu' ? 1 : 0;
      emit.compute('flatDense', weights.bias ? { ...operands, bias: weights.bias } : operands, {
        outputs,
        inputs,
        relu,
      });
      if (activation !== 'linear' && !relu) emitChannelActivation(emit, y, y, this.output.shape, activation);
    };
  }

  gradient(emit: Emitter): void {
    const { kernel, bias, activation } = this.#options;
    const [outputs = 0, inputs = 0] = kernel.shape;
    const [input] = this.inputs;
    const dy = beforeActivation(emit, this.output, activation);
    if (bias?.trainable)
      emit.compute('biasGradient', { db: emit.partialGradient(bias), dy }, { channels: outputs, pixels: 1 });
    if (emit.wants(input)) {
      const w = emit.parameter(kernel);
      emit.emitGradient(input, (dx) => emit.compute('denseDataGradient', { dx, dy, w }, { outputs, inputs }));
    }
    if (!kernel.trainable) return;
    // Over the whole batch at once: no partial sums of a matrix that may be large.
    const x = emit.bufferOf(input);
    emit.complete('denseWeightGradient', { dw: emit.parameterGradient(kernel), dy, x }, { outputs, inputs });
  }

  withActivation(activation: FusedActivation, output: Value): Dense | undefined {
    return this.#followedBy({ activation }, output);
  }

  withBatchNormalization(normalization: BatchNormalizationOptions, output: Value): Dense | undefined {
    return this.#options.normalization ? undefined : this.#followedBy({ normalization }, output);
  }

  /** Nothing follows an activation: it is the last thing done on the way out. */
  #followedBy(more: Partial<DenseOptions>, output: Value): Dense | undefined {
    if (this.#options.activation !== 'linear') return undefined;
    return new Dense(this.inputs[0], { ...this.#options, ...more }, output);
  }
}

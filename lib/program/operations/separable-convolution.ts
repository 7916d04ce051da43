import { sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import type { Emitter } from '../emitter.js';
import type { FusedActivation, Operation, Parameter, Value } from '../operation.js';
import type { BatchNormalizationOptions } from './batch-normalization.js';
import type { Convolution } from './convolution.js';
import { packedKernel } from './convolution-calls.js';
import { convolutionAttributes, isDepthwise, isPointwise } from './convolution-geometry.js';
import { foldedWeights } from './folded-weights.js';

/**
 * A depthwise convolution and the pointwise one that alone reads it, for predictions: what is between them is made a few pixels at a
 * time and never reaches memory.
 */
export class SeparableConvolution implements Operation {
  readonly inputs: readonly [Value, ...Value[]];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  readonly #depthwise: Convolution;
  readonly #pointwise: Convolution;

  constructor(depthwise: Convolution, pointwise: Convolution) {
    const [x] = depthwise.inputs;
    this.inputs = [x, ...pointwise.inputs.slice(1)];
    this.output = pointwise.output;
    this.parameters = [...depthwise.parameters, ...pointwise.parameters];
    this.#depthwise = depthwise;
    this.#pointwise = pointwise;
  }

  /** Whether two convolutions, one behind the other, can be computed as one. */
  static fits(first: Convolution, second: Convolution): boolean {
    return (
      isDepthwise(first.geometry) &&
      !first.options.addend &&
      endsLinearOrRelu(first) &&
      isPointwise(second.geometry) &&
      sizeOf(second.options.strides) === 1 &&
      endsLinearOrRelu(second)
    );
  }

  forward(emit: Emitter): void {
    if (!emit.vectors || !endsLinearOrRelu(this.#pointwise)) {
      this.#depthwise.forward(emit);
      this.#pointwise.forward(emit);
      return;
    }
    const { addend, activation } = this.#pointwise.options;
    const before = foldedWeights(emit, this.#depthwise.options);
    const weights = foldedWeights(emit, this.#pointwise.options);
    const operands: Record<string, Buffer> = {
      y: emit.define(this.output),
      x: emit.bufferOf(this.inputs[0]),
      depthwise: before.kernel,
      w: packedKernel(emit, { geometry: this.#pointwise.geometry, algorithm: 'pointwise' }, weights.kernel, false),
    };
    if (before.bias) operands.depthwiseBias = before.bias;
    if (weights.bias) operands.bias = weights.bias;
    if (addend) operands.addend = emit.bufferOf(addend);
    const { groups: inputs, ...shape } = convolutionAttributes(this.#depthwise.geometry);
    const { outputs } = convolutionAttributes(this.#pointwise.geometry);
    const relu = (name: FusedActivation) => (name === 'relu' ? 1 : 0);
    const depthwiseRelu = relu(this.#depthwise.options.activation);
    emit.compute('separableConvolution', operands, {
      ...shape,
      inputs,
      outputs,
      relu: relu(activation),
      depthwiseRelu,
    });
  }

  forwardOnChannels() {
    const [first, second] = [this.#depthwise.forwardOnChannels(), this.#pointwise.forwardOnChannels()];
    if (!first || !second) return undefined;
    return (emit: Emitter) => {
      first(emit);
      second(emit);
    };
  }

  gradient(emit: Emitter): void {
    this.#pointwise.gradient(emit);
    this.#depthwise.gradient(emit);
  }

  withActivation(activation: FusedActivation, output: Value): SeparableConvolution | undefined {
    return this.#with(this.#pointwise.withActivation(activation, output));
  }

  withAddend(addend: Value, output: Value): SeparableConvolution | undefined {
    return this.#with(this.#pointwise.withAddend(addend, output));
  }

  withBatchNormalization(options: BatchNormalizationOptions, output: Value): SeparableConvolution | undefined {
    return this.#with(this.#pointwise.withBatchNormalization(options, output));
  }

  #with(pointwise: Convolution | undefined): SeparableConvolution | undefined {
    return pointwise && new SeparableConvolution(this.#depthwise, pointwise);
  }
}

function endsLinearOrRelu({ options }: Convolution): boolean {
  return options.activation === 'linear' || options.activation === 'relu';
}

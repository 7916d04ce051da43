import type { Emitter } from '../emitter.js';
import { Pooling } from './pooling.js';

/**
 * The largest element of each window. Its gradient goes to the first of the window's largest, as in PyTorch. Behind a relu it passes that
 * one's gradient too: an element that is largest is positive where the result is, of which there are fewer to look at.
 */
export class MaxPooling extends Pooling {
  protected override readonly op = 'maxPooling';

  override gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const operands = { dy: emit.gradientOf(this.output), x: emit.bufferOf(input), y: emit.bufferOf(this.output) };
    const behindRelu = input.producer?.activation === 'relu';
    const attributes = { ...this.attributes, relu: behindRelu ? 1 : 0 };
    emit.emitGradient(input, (dx) => emit.compute('maxPoolingGradient', { ...operands, dx }, attributes), behindRelu);
  }
}

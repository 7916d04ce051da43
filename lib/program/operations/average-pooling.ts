import type { Emitter } from '../emitter.js';
import { Pooling } from './pooling.js';

/** The mean of each window. Its gradient goes to the window's inputs in equal shares. */
export class AveragePooling extends Pooling {
  protected override readonly op = 'averagePooling';

  override gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    emit.emitGradient(input, (dx) => emit.compute('averagePoolingGradient', { dx, dy }, this.attributes));
  }
}

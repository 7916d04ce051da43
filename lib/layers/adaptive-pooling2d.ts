import type { AdaptiveWindows } from '../program/operations/pooling-attributes.js';
import { checkPair, type Pair } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions } from './layer.js';
import { checkImage } from './spatial.js';

export interface AdaptivePooling2DOptions extends LayerOptions {
  /** Rows and columns of the output, whatever the image's; more than it has are given, too. */
  outputSize: Pair;
}

/**
 * What adaptive max and average pooling share: output row `i` takes the input rows from `floor(i * H / OH)` to
 * `ceil((i + 1) * H / OH)`, and columns likewise (PyTorch's bins: they overlap where the sizes do not divide).
 */
export abstract class AdaptivePooling2D extends Layer {
  readonly outputSize: readonly [number, number];

  protected constructor(who: string, options: AdaptivePooling2DOptions) {
    super(who, options, ['outputSize']);
    this.outputSize = checkPair(who, 'outputSize', options.outputSize);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return [input[0] ?? 0, ...this.outputSize];
  }

  config(): LayerConfig {
    const { type, outputSize } = this;
    return { type, outputSize };
  }

  protected windows(input: Shape): AdaptiveWindows {
    return { adaptive: true, outputShape: [input[0] ?? 0, ...this.outputSize] };
  }
}

import {
  type ActivationName,
  type ElementwiseActivation,
  initializers,
  regularizers,
  type WeightOptions,
} from 'cnnative';
import type { Philox } from '#lib/util/philox.js';

const ELEMENTWISE: readonly ElementwiseActivation[] = [
  ...(['linear', 'relu', 'relu6', 'leakyRelu', 'elu', 'selu', 'gelu', 'geluTanh', 'silu', 'mish'] as const),
  ...(['hardSwish', 'hardSigmoid', 'sigmoid', 'tanh', 'softplus', 'softsign'] as const),
  { type: 'leakyRelu', negativeSlope: 0.3 },
  { type: 'elu', alpha: 0.7 },
];
const OVER_CLASSES: readonly ActivationName[] = ['softmax', 'logSoftmax'];

/** Options of layers, drawn at random. */
export class Draw {
  readonly #random: Philox;

  constructor(random: Philox) {
    this.#random = random;
  }

  int(least: number, most: number): number {
    return least + this.#random.nextInt(most - least + 1);
  }

  yes(): boolean {
    return this.int(0, 1) === 1;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)] as T;
  }

  pair(least: number, most: number): [number, number] {
    return [this.int(least, most), this.int(least, most)];
  }

  /** A number for both axes, or one for each. */
  size(least: number, most: number): number | [number, number] {
    return this.yes() ? this.int(least, most) : this.pair(least, most);
  }

  sides(most: number): [number, number, number, number] {
    return [...this.pair(0, most), ...this.pair(0, most)];
  }

  /** Each option given or, one time in four, left at its default. */
  some<T extends object>(options: T): Partial<T> {
    return Object.fromEntries(Object.entries(options).filter(() => this.int(0, 3) > 0)) as Partial<T>;
  }

  image(channels = 6): [number, number, number] {
    return [this.int(1, channels), this.int(1, 9), this.int(1, 9)];
  }

  row(): [number] {
    return [this.int(2, 40)];
  }

  /** One to four axes. */
  anyShape(): number[] {
    return this.of([
      () => this.image(),
      () => this.row(),
      () => this.pair(1, 6),
      () => [...this.pair(1, 3), ...this.pair(1, 4)],
    ])();
  }

  elementwise(): ElementwiseActivation {
    return this.of(ELEMENTWISE);
  }

  overClasses(): ActivationName {
    return this.of(OVER_CLASSES);
  }

  /** How weights begin and what they cost. */
  weights(): WeightOptions {
    return this.some({
      kernelInitializer: this.of([
        'heNormal',
        'orthogonal',
        'dirac',
        initializers.randomUniform({ min: 0.1, max: 0.2 }),
      ] as const),
      biasInitializer: this.of(['ones', initializers.constant({ value: -0.5 }), 'randomNormal'] as const),
      kernelRegularizer: this.of([regularizers.l1(0.1), { l2: 0.5 }]),
      biasRegularizer: regularizers.l1l2({ l1: 0.25, l2: 0.125 }),
    });
  }
}

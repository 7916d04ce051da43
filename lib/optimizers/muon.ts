import type { Emitter } from '../program/emitter.js';
import { layerOf, type Parameter } from '../program/operation.js';
import { checkBoolean, checkChoice, checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { BaseOptimizer, checkShare, type OptimizerOptions, type ParameterUpdate } from './base-optimizer.js';
import { adamScalars, checkMoments, emitAdam, MOMENT_OPTIONS, type MomentOptions } from './moments.js';
import { emitOrthogonal } from './newton-schulz.js';

/** The rule, AdamW, of what is not orthogonalised. */
export interface MuonOthersOptions extends Omit<MomentOptions, 'beta2' | 'epsilon'> {
  /**
   * Their learning rate, as a part of the optimizer's.
   * @default 0.015
   */
  learningRateFactor?: number;
  /**
   * Weight of the squared gradients before, from 0 to below 1.
   * @default 0.95
   */
  beta2?: number;
  /**
   * Added to the root of the mean of squares.
   * @default 1e-10
   */
  epsilon?: number;
}

export interface MuonOptions extends OptimizerOptions {
  /**
   * Weight of the gradients before, from 0 to below 1.
   * @default 0.95
   */
  momentum?: number;
  /**
   * Whether the step looks ahead, as Nesterov's.
   * @default true
   */
  nesterov?: boolean;
  /**
   * Newton-Schulz steps.
   * @default 5
   */
  steps?: number;
  /**
   * The rule for the kernel of the model's last layer with a trained kernel: `adamw`, as the authors advise, or `muon`.
   * @default 'adamw'
   */
  lastLayer?: 'adamw' | 'muon';
  /**
   * AdamW for biases, scales, shifts and the last layer.
   * @default { learningRateFactor: 0.015, beta1: 0.9, beta2: 0.95, epsilon: 1e-10 }
   */
  others?: MuonOthersOptions;
}

/**
 * Momentum, orthogonalised (Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024, https://kellerjordan.github.io/posts/muon/): a kernel is
 * taken as the matrix `[outputs, rest]`; `v = momentum * v + g`, `u = g + momentum * v` brought by Newton-Schulz steps to a matrix O with singular
 * values near 1, `w -= learningRate * sqrt(max(1, outputs / rest)) * O`. All else follows AdamW. Weight decay is always decoupled. The
 * learning rate is 0.02 unless told otherwise. State: `v`, or AdamW's two means.
 */
export class Muon extends BaseOptimizer {
  protected readonly ownSlots = 2;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly steps: number;
  readonly lastLayer: 'adamw' | 'muon';
  readonly others: Required<MuonOthersOptions>;

  constructor(options: MuonOptions = {}) {
    const who = 'optimizers.muon';
    super('muon', options, ['momentum', 'nesterov', 'steps', 'lastLayer', 'others'], {
      learningRate: 0.02,
      decoupled: true,
    });
    const { momentum = 0.95, nesterov = true, steps = 5, lastLayer = 'adamw', others = {} } = options;
    this.momentum = checkShare(who, 'momentum', momentum);
    this.nesterov = checkBoolean(who, 'nesterov', nesterov);
    this.steps = checkInteger(who, 'steps', steps, 1);
    this.lastLayer = checkChoice(who, 'lastLayer', lastLayer, ['adamw', 'muon']);
    checkOptions(`${who} others`, others, [...MOMENT_OPTIONS, 'learningRateFactor']);
    const { learningRateFactor = 0.015, beta1 = 0.9, beta2 = 0.95, epsilon = 1e-10 } = others;
    this.others = {
      learningRateFactor: checkNumber(`${who} others`, 'learningRateFactor', learningRateFactor, 0),
      ...checkMoments(`${who} others`, { beta1, beta2, epsilon }),
    };
  }

  protected override ownScalars(learningRate: number, update: number): readonly number[] {
    return adamScalars(learningRate, update + 1, this.others);
  }

  protected override emitUpdates(emit: Emitter, updates: readonly ParameterUpdate[]): void {
    const kernels = updates.filter(({ parameter }) => isKernel(parameter));
    const last = this.lastLayer === 'adamw' ? kernels.at(-1) : undefined;
    const lastLayer = last && layerOf(last.parameter);
    for (const update of updates) {
      const layer = layerOf(update.parameter);
      emit.label = layer;
      if (kernels.includes(update) && layer !== lastLayer) emitOrthogonal(emit, update, this);
      else this.emitUpdate(emit, update);
    }
  }

  protected emitUpdate(emit: Emitter, update: ParameterUpdate): void {
    const { learningRateFactor, ...moments } = this.others;
    const rateFactor = (update.attributes.rateFactor as number) * learningRateFactor;
    emitAdam(emit, { ...update, attributes: { ...update.attributes, rateFactor } }, moments);
  }

  protected ownConfig() {
    const { momentum, nesterov, steps, lastLayer, others } = this;
    return { momentum, nesterov, steps, lastLayer, others };
  }
}

/** Of several axes are also the scales and shifts of a normalisation by elements, and the slopes of a PReLU. */
function isKernel({ name }: Parameter): boolean {
  return /kernel$/i.test(name);
}

import type { AugmentationConfig } from '../augmentations/index.js';
import type { SamplingOptions } from '../model/sampling.js';
import type { Views } from '../model/views.js';
import type { IsaName } from '../native.js';
import { checkValue } from './check-value.js';
import { CONFIG_SCHEMA } from './config-schema.js';

/** A part by its kind, with its options. */
export type PartConfig = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface LayersConfig {
  readonly layers: readonly PartConfig[];
  readonly input?: Readonly<Record<string, unknown>>;
}

export interface TrainingConfig extends SamplingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly validation: boolean;
  readonly validationViews?: Views;
  readonly logEvery?: number;
  readonly terminateOnNaN?: boolean;
  /** Share of test samples at which training ends. */
  readonly targetAccuracy?: number;
}

/** A configuration with all defaults filled in. */
export interface Config {
  readonly $schema?: string;
  readonly name?: string;
  readonly description?: string;
  readonly data: PartConfig;
  readonly model: PartConfig | LayersConfig;
  readonly optimizer: PartConfig;
  readonly loss: PartConfig;
  readonly metrics: readonly (string | PartConfig)[];
  /** As `fit({ augment })` takes it. */
  readonly augment?: readonly AugmentationConfig[];
  readonly callbacks?: readonly PartConfig[];
  readonly training: TrainingConfig;
  readonly checkpoint?: false | Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly threads?: number;
  readonly isa?: IsaName;
  readonly memoryLimit?: number | string;
  readonly out?: string;
}

/** The same as a user writes it. */
export type GivenConfig = Readonly<Record<string, unknown>>;

const DEFAULTS = {
  model: 'lenet5',
  optimizer: { type: 'sgd', learningRate: 0.01, momentum: 0.9 },
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  seed: 1,
};

const TRAINING_DEFAULTS = { epochs: 3, batchSize: 64, validation: true };

/**
 * Checks a configuration and fills in the defaults.
 *
 * @throws InvalidArgumentError, which names the place, unless it is one
 */
export function resolveConfig(given: unknown): Config {
  checkValue(CONFIG_SCHEMA, given, '');
  const { data, model, optimizer, loss, training, ...rest } = { ...DEFAULTS, ...(given as GivenConfig) } as GivenConfig;
  return {
    ...rest,
    data: typed(data),
    model: typed(model) as Config['model'],
    optimizer: typed(optimizer),
    loss: typed(loss),
    training: { ...TRAINING_DEFAULTS, ...(training as Partial<TrainingConfig>) },
  } as Config;
}

/** A name alone is a kind with its defaults. */
function typed(part: unknown): PartConfig {
  return typeof part === 'string' ? { type: part } : (part as PartConfig);
}

import type { layers, TrainedLayerOptions } from '../layers/index.js';
import type { IsaName } from '../native.js';
import type { ElementType } from '../program/description.js';
import type { ArrayLikeInput, SameKind, SomeKind } from './array.js';
import type { keptParameters } from './kept-parameters.js';

type Layers = typeof layers;

/** Every layer is an op under its name. */
export type OpKind = keyof Layers;

/** How an op computes. */
export interface ComputeOptions {
  /**
   * `float32`: the kernels that models run on. `float64`: the same calls in double precision on scalar kernels, slow.
   * @default 'float32'
   */
  dtype?: ElementType;
  /**
   * Kernels of another instruction set of this machine.
   * @default the best, or `CNNATIVE_ISA`
   */
  isa?: IsaName;
  /**
   * Threads to work with; results do not depend on it.
   * @default 1
   */
  threads?: number;
}

export interface ForwardOptions extends ComputeOptions {
  /**
   * Whether layers that behave differently in training do so, as batch normalisation, which then takes the statistics
   * of this batch. Gradients always are those of training.
   * @default false
   */
  training?: boolean;
}

type Kept<K> = K extends keyof typeof keptParameters
  ? (typeof keptParameters)[K]
  : { readonly required: object; readonly optional: object; readonly follow: readonly never[] };
type RequiredName<K> = keyof Kept<K>['required'] & string;
type OptionalName<K> = keyof Kept<K>['optional'] & string;
type UntrainedName<K> = Kept<K> extends { readonly untrained: readonly (infer Name)[] } ? Name : never;
type Simplified<T> = { [P in keyof T]: T[P] };

type LayerOptionsOf<K extends OpKind> = NonNullable<Parameters<Layers[K]>[0]>;

/** Options of the layer, but for the name, those of training and those that follow from the parameters; and the parameters. */
export type GivenTo<K extends OpKind> = Simplified<
  Omit<LayerOptionsOf<K>, 'name' | keyof TrainedLayerOptions | Kept<K>['follow'][number]> & {
    [P in RequiredName<K>]: ArrayLikeInput;
  } & { [P in OptionalName<K>]?: ArrayLikeInput }
>;

/** One array, or for layers that read several an array of them. */
export type OpInput = ArrayLikeInput | readonly ArrayLikeInput[];

/** Layers whose outputs have another number of axes than their inputs. */
type ChangesAxes = 'flatten' | 'reshape' | 'permute' | `global${string}`;
type ReadsSeveral = 'add' | 'multiply' | 'concatenate' | 'average' | 'maximum';

/** The output, in the kind of the input. */
export type OutputOf<K extends OpKind, X extends OpInput> = K extends ChangesAxes
  ? SomeKind<X>
  : K extends ReadsSeveral
    ? X extends readonly (infer One)[]
      ? SameKind<One>
      : never
    : SameKind<X>;

type InputGradient<K extends OpKind, X extends OpInput> = K extends ReadsSeveral
  ? X extends readonly (infer One)[]
    ? SameKind<One>[]
    : never
  : SameKind<X>;

/** Gradients of `sum(dy * output)`, each under the name of what it is of: of all given but running statistics, which are not trained. */
export type GradientsOf<K extends OpKind, X extends OpInput, Given> = Simplified<
  {
    /** What the op itself gives, in training. */
    output: OutputOf<K, X>;
    /** Of the input; of several, an array. */
    x: InputGradient<K, X>;
  } & { [P in Exclude<keyof Given & (RequiredName<K> | OptionalName<K>), UntrainedName<K>>]: SameKind<Given[P]> }
>;

/** Whether all that is to be given may be left out. */
type MayBeLeftOut<Given> = object extends Given ? true : false;
type Rest<Given> = MayBeLeftOut<Given> extends true ? [given?: Given] : [given: Given];

/** A layer as a function on arrays. */
export type Op<K extends OpKind> = <const X extends OpInput>(
  x: X,
  ...given: Rest<Simplified<GivenTo<K> & ForwardOptions>>
) => Promise<OutputOf<K, X>>;

/** Refuses names that are none of the allowed ones, as of a literal whose type is inferred. */
type Only<Given, Allowed> = Given & { readonly [P in Exclude<keyof Given, keyof Allowed>]: never };

/** Gradients of an op by its name. */
export type Gradients = <
  K extends OpKind,
  const X extends OpInput,
  const Given extends Simplified<GivenTo<K> & ComputeOptions>,
>(
  kind: K,
  dy: ArrayLikeInput,
  x: X,
  ...given: MayBeLeftOut<GivenTo<K>> extends true
    ? [given?: Only<Given, GivenTo<K> & ComputeOptions>]
    : [given: Only<Given, GivenTo<K> & ComputeOptions>]
) => Promise<GradientsOf<K, X, Given>>;

export type LayerOps = { readonly [K in OpKind]: Op<K> };

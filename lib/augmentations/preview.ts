import { checkIndices } from '../data/check-indices.js';
import type { Dataset } from '../data/dataset.js';
import { nativeSamples } from '../data/native-copy.js';
import { InvalidArgumentError } from '../errors/index.js';
import { chooseIsa } from '../machine/isa.js';
import { chooseThreads } from '../machine/threads.js';
import { native } from '../native.js';
import { splitOutput } from '../program/array-run.js';
import type { ProgramDescription } from '../program/description.js';
import { Emitter } from '../program/emitter.js';
import { ProgramRun } from '../program/program-run.js';
import { checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { inOrder } from '../util/permutation.js';
import { sizeOf } from '../util/shape.js';
import type { Augmentation, AugmentationConfig } from './augmentation.js';
import { imageInput } from './image-input.js';
import { augmentAttributes } from './lower.js';
import { toAugmentations } from './options.js';

const WHO = 'augmentations.preview';
const MOST_SAMPLES = 64;
const BATCH = 64;

/** Options of `augmentations.preview`. */
export interface PreviewOptions {
  /**
   * The epoch whose samples to show, counted from 0 over the model's life.
   * @default 0
   */
  epoch?: number;
  /**
   * The seed of the model that trains on them.
   * @default 0
   */
  seed?: number;
  /**
   * Numbers of the samples to show.
   * @default the first 64, or all of a smaller set
   */
  indices?: ArrayLike<number>;
  /**
   * The raw pixel that `mode: 'mean'` fills in, which the model's input options say in a training.
   * @default 0
   */
  mean?: number;
}

/**
 * The samples that a training with these augmentations sees in an epoch, computed by the same native code: to look at with
 * `images.grid`. `Uint8Array` sets are rounded to whole pixels, which a training does not do. Mixed samples keep their own label and
 * get the mixture as `targets`.
 *
 * @throws InvalidArgumentError or ShapeError when the options are not what they should be
 */
export async function preview(
  set: Dataset,
  augment: readonly (Augmentation | AugmentationConfig)[],
  options: PreviewOptions = {},
): Promise<Dataset> {
  checkOptions(WHO, options, ['epoch', 'seed', 'indices', 'mean']);
  if (!isPlainObject(set) || !(set.labels instanceof Int32Array) || !ArrayBuffer.isView(set.images)) {
    throw new InvalidArgumentError(
      `${WHO}: expected a dataset with labels and a single part, received ${describe(set)}.`,
    );
  }
  const { shape, classes, classNames, labels } = set;
  const { epoch = 0, seed = 0, mean = 0, indices = inOrder(Math.min(set.size, MOST_SAMPLES)) } = options;
  checkInteger(WHO, 'epoch', epoch, 0);
  checkInteger(WHO, 'seed', seed, 0);
  checkNumber(WHO, 'mean', mean, -Number.MAX_VALUE);
  const order = checkIndices(WHO, indices, set.size);
  const list = toAugmentations(WHO, augment);
  const mixes = list.some((one) => one.mixes);
  // `x * 1 + 0`: raw pixels, whatever their mean.
  const image = imageInput(WHO, shape, { channels: 1, scale: [1], shift: [0] });
  const attributes = augmentAttributes(WHO, list, { ...image, means: image.means.map(() => mean) }, seed);
  const sizes = [sizeOf(shape), ...(mixes ? [classes] : [])];
  const program = new native.Program(describePreview(attributes, sizes, mixes));
  const { placesOf, ...samples } = nativeSamples(set);
  const inputs = {
    stores: [],
    ...samples,
    order: placesOf(order),
    keys: order,
    batchSize: BATCH,
    scalars: new Float64Array(0),
    epoch,
    threads: chooseThreads().threads,
  };
  const run = await new ProgramRun({ native: program }, inputs).finished();
  const [pixels = new Float32Array(0), targets] = splitOutput(run.output(), sizes, order.length) as Float32Array[];
  return {
    images: set.images instanceof Uint8Array ? new Uint8Array(new Uint8ClampedArray(pixels).buffer) : pixels,
    labels: Int32Array.from(order, (i) => labels[i] as number),
    shape,
    classes,
    size: order.length,
    ...(classNames && { classNames }),
    ...(targets && { targets, targetShape: [classes] }),
  };
}

/** A program that augments, and puts raw samples out with the targets of mixed ones behind them. */
function describePreview(
  attributes: ReturnType<typeof augmentAttributes>,
  sizes: readonly number[],
  mixes: boolean,
): ProgramDescription {
  const { isa } = chooseIsa();
  const emit = new Emitter({
    ...{ element: 'float32', vectors: isa !== 'scalar', training: false, updates: false, batchSize: BATCH },
    ...{ parameterStore: 0, gradientStore: null, channelLanes: false, seed: 0, stores: [] },
  });
  const [features = 0, classes = 0] = sizes;
  const { channels } = attributes as { channels: number };
  const raw = { part: 0, scale: new Array(channels).fill(1), shift: new Array(channels).fill(0) };
  const y = emit.sample(features);
  emit.compute('augmentedGather', { y }, { ...attributes, ...raw });
  emit.compute('output', { x: y }, { first: 0, features });
  if (mixes) {
    const t = emit.sample(classes);
    emit.compute('mixedLabels', { y: t }, { ...attributes, classes });
    emit.compute('output', { x: t }, { first: features, features: classes });
  }
  return emit.finish({
    ...{ isa, inputElements: [features], classes: mixes ? classes : 0, targetElements: 0 },
    ...{ outputElements: features + (mixes ? classes : 0), metrics: 0, scalars: 0 },
  });
}

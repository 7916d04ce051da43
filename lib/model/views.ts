import { InvalidArgumentError } from '../errors/index.js';
import { Average } from '../layers/average.js';
import { Mirror } from '../layers/mirror.js';
import { Shift } from '../layers/shift.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { type Loss, lossFromConfig } from '../losses/index.js';
import { checkBoolean, checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { formatShape, isMap } from '../util/shape.js';
import { type Graph, graphOf } from './graph.js';
import { type Compiled, Runtime } from './runtime.js';

/** What a network also looks at, of each image: outputs are means over all views (test-time augmentation). */
export interface Views {
  /**
   * Whether to look at the mirror image too, left and right exchanged, of each view. Both count alike.
   * @default false
   */
  flip?: boolean;
  /**
   * Also to look at the image moved by so many pixels up and left, and down and right; where it would end it is mirrored about its
   * outermost pixels. The image where it is counts half, each of the other two a quarter (Jordan: "94% on CIFAR-10 in 3.29 seconds on
   * a single GPU", arXiv 2404.00498, 2024).
   * @default 0
   */
  shift?: number;
}

/** Options of predictions and evaluations that take the mean over several views of a sample. */
export interface ViewsOptions {
  /**
   * Views of each image to take the mean output of: `{ flip: true }` takes twice the time, `{ flip: true, shift: 1 }` six times. Means
   * are of what the network puts out: of probabilities if it ends in softmax, of their logarithms in logSoftmax, else of logits.
   * @default the image alone
   */
  views?: Views;
}

interface Twin {
  readonly runtime: Runtime;
  compiled?: Compiled;
}

/** Kept, for their programs are compiled at their first use. */
const twins = new WeakMap<Runtime, Map<string, Twin>>();

/** With defaults filled in. @throws InvalidArgumentError unless they are views */
function checkViews(who: string, views: Views): Required<Views> {
  checkOptions(who, views, ['flip', 'shift']);
  const { flip = false, shift = 0 } = views;
  return { flip: checkBoolean(who, 'flip', flip), shift: checkInteger(who, 'shift', shift, 0) };
}

/**
 * The network with views: its outputs are means of those of a sample and of its views. Layers are applied several times, to the same
 * weights. Without views, the network itself.
 *
 * @param option what the user calls the views
 * @throws InvalidArgumentError unless they are views, every input is an image, larger than it is shifted, and outputs are no maps
 */
export function viewed(who: string, runtime: Runtime, views: Views = {}, option = 'views'): Runtime {
  const { flip, shift } = checkViews(`${who} ${option}`, views);
  if (!flip && shift === 0) return runtime;
  const known = twins.get(runtime) ?? new Map<string, Twin>();
  twins.set(runtime, known);
  const key = `${flip} ${shift}`;
  const twin: Twin = known.get(key) ?? { runtime: twinOf(who, runtime, { flip, shift }, option) };
  known.set(key, twin);
  twin.runtime.classNames = runtime.classNames;
  const compiled = runtime.compiledOrNone;
  if (compiled && twin.compiled !== compiled) {
    twin.runtime.compile({ ...compiled, loss: lossOfMeans(compiled.loss, runtime) }, who);
    twin.compiled = compiled;
  }
  return twin.runtime;
}

function twinOf(who: string, runtime: Runtime, { flip, shift }: Required<Views>, option: string): Runtime {
  const { graph, inputs } = runtime;
  checkImages(who, runtime, shift, option);
  const sources = graph.inputs.map(({ name, shape }) => new SymbolicTensor(shape, null, [], name));
  const output = (pixels: number) => {
    const moved = pixels === 0 ? sources : sources.map((source) => new Shift(pixels).connect('shift', source));
    if (!flip) return applied(graph, moved);
    const mirrored = moved.map((image) => new Mirror().connect('mirror', image));
    return mean(applied(graph, moved), applied(graph, mirrored));
  };
  const still = output(0);
  const all = shift === 0 ? still : mean(still, mean(output(shift), output(-shift)));
  return new Runtime(graphOf(who, sources, all), inputs, runtime.seed, runtime.parameters);
}

function mean(a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor {
  return new Average().connect('average', [a, b]);
}

/** The output of all layers, applied to other inputs. */
function applied(graph: Graph, sources: readonly SymbolicTensor[]): SymbolicTensor {
  const tensors = new Map(graph.inputs.map(({ name }, i) => [name, sources[i] as SymbolicTensor]));
  for (const { name, layer, inputs } of graph.nodes) {
    const reads = inputs.map((read) => tensors.get(read) as SymbolicTensor);
    tensors.set(name, layer.connect(name, reads));
  }
  return tensors.get(graph.output) as SymbolicTensor;
}

function checkImages(who: string, { inputs, outputShape }: Runtime, shift: number, option: string): void {
  if (isMap(outputShape)) {
    throw new InvalidArgumentError(
      `${who}: expected a model whose outputs have no places, such as those of a classifier, for ${option}, received one with outputs ` +
        `of shape ${formatShape(outputShape)}: those of a mirrored or moved image are mirrored or moved. Leave ${option} out.`,
    );
  }
  for (const { name, shape } of inputs) {
    if (shape.length !== 3) {
      throw new InvalidArgumentError(
        `${who}: expected a model of images [channels, height, width] for ${option}, received one with the input ${name} of ` +
          `${shape.length} axis. Leave ${option} out.`,
      );
    }
    const [, height = 0, width = 0] = shape;
    if (shift >= Math.min(height, width)) {
      throw new InvalidArgumentError(
        `${who} ${option}: expected a shift smaller than the images of ${name}, ${height}x${width}, received ${shift}.`,
      );
    }
  }
}

/**
 * The loss of means, where the model's own looks through the last activation: of probabilities behind softmax or sigmoid, of logits
 * behind the logarithm of a softmax.
 */
function lossOfMeans(loss: Loss, runtime: Runtime): Loss {
  if (!runtime.looksThrough(loss)) return loss;
  return lossFromConfig('views', { ...loss.config(), fromLogits: runtime.endsInLogSoftmax });
}

import { InvalidArgumentError } from '../errors/index.js';
import { Average } from '../layers/average.js';
import { Mirror } from '../layers/mirror.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { type Loss, lossFromConfig } from '../losses/index.js';
import { type Graph, graphOf } from './graph.js';
import { type Compiled, Runtime } from './runtime.js';

interface Twin {
  readonly runtime: Runtime;
  compiled?: Compiled;
}

/** Kept, for their programs are compiled at their first use. */
const twins = new WeakMap<Runtime, Twin>();

/**
 * The network with test-time flipping: its outputs are means of those of a sample and of its mirror image. Layers are
 * applied twice, to the same weights.
 *
 * @throws InvalidArgumentError unless every input is an image
 */
export function flipped(who: string, runtime: Runtime): Runtime {
  const twin: Twin = twins.get(runtime) ?? { runtime: twinOf(who, runtime) };
  twins.set(runtime, twin);
  const compiled = runtime.compiledOrNone;
  if (compiled && twin.compiled !== compiled) {
    twin.runtime.compile({ ...compiled, loss: lossOfMeans(compiled.loss, runtime) }, who);
    twin.compiled = compiled;
  }
  return twin.runtime;
}

function twinOf(who: string, runtime: Runtime): Runtime {
  const { graph, inputs } = runtime;
  const flat = inputs.find(({ shape }) => shape.length !== 3);
  if (flat) {
    throw new InvalidArgumentError(
      `${who}: expected a model of images [channels, height, width] for flip, received one with the input ${flat.name} of ` +
        `${flat.shape.length} axis. Leave flip out.`,
    );
  }
  const sources = graph.inputs.map(({ name, shape }) => new SymbolicTensor(shape, null, [], name));
  const straight = applied(graph, sources);
  const mirrored = applied(
    graph,
    sources.map((source) => new Mirror().connect('mirror', source)),
  );
  const mean = new Average().connect('average', [straight, mirrored]);
  return new Runtime(graphOf(who, sources, mean), inputs, runtime.seed, runtime.parameters);
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

/** Of a model that ends in softmax or sigmoid the means are probabilities, where its own loss reads what they are made of. */
function lossOfMeans(loss: Loss, runtime: Runtime): Loss {
  if (!runtime.endsInProbabilities(loss)) return loss;
  return lossFromConfig('flip', { ...loss.config(), fromLogits: false });
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CnnativeError, ModelFileError } from '../errors/index.js';
import { type Layer, layerFromConfig } from '../layers/index.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { lossFromConfig } from '../losses/index.js';
import { metricsFromConfig } from '../metrics/index.js';
import { optimizerFromConfig } from '../optimizers/index.js';
import { checkInteger, checkName, checkText } from '../util/check.js';
import { describe } from '../util/describe.js';
import { readRegularFile } from '../util/read-file.js';
import { formatShape, sameShape } from '../util/shape.js';
import { systemReason } from '../util/system-reason.js';
import { checkClassNames } from './class-names.js';
import { dataParameters } from './data-initialization.js';
import { type Graph, graphOf, INPUT } from './graph.js';
import { checkInput, type InputOptions, type ModelInput } from './input.js';
import { Model } from './model.js';
import {
  DESCRIPTION,
  type Description,
  FORMAT_VERSIONS,
  type NodeDescription,
  RUN_BEST,
  RUN_MODEL,
  WEIGHTS,
} from './model-format.js';
import { Runtime } from './runtime.js';
import { decodeSafetensors, type Tensor } from './safetensors.js';

/** Some hundred bytes a layer are usual. */
const MOST_DESCRIPTION_BYTES = 2 ** 26;

/**
 * The model saved in a folder, ready to predict with the same bits; compiled if it was when saved. Of the folder of a run of
 * `cnnative train`, the final model.
 *
 * @throws InvalidArgumentError unless `folder` is a path, ModelFileError when a file is missing, cut short, or does not describe a model
 */
export async function loadModel(folder: string): Promise<Model> {
  checkText('loadModel', 'folder', folder);
  if (!existsSync(join(folder, DESCRIPTION)) && existsSync(join(folder, RUN_MODEL, DESCRIPTION))) {
    return loadModel(join(folder, RUN_MODEL));
  }
  const path = join(folder, DESCRIPTION);
  const description = parseDescription(path, (await readModelFile(path, MOST_DESCRIPTION_BYTES)).toString('utf8'));
  const { inputs, graph } = describing(path, () => networkOf(path, description));
  const weightsPath = join(folder, WEIGHTS);
  // Matched before any memory is taken for them: a description of a few bytes may ask for all of it.
  const weights = matchWeights(weightsPath, graph, decodeSafetensors(weightsPath, await readModelFile(weightsPath)));
  const runtime = describing(path, () => runtimeOf(path, description, graph, inputs));
  await runtime.parameters.write(weights);
  return new Model(runtime);
}

async function readModelFile(path: string, most?: number): Promise<Buffer> {
  try {
    return await readRegularFile(path, most);
  } catch (error) {
    throw new ModelFileError(
      `loadModel: expected a readable file, received ${systemReason(path, error)}. ${wayOut(dirname(path))}`,
      { cause: error },
    );
  }
}

function wayOut(folder: string): string {
  const best = join(folder, RUN_BEST);
  if (existsSync(join(best, DESCRIPTION))) return `The run has no final model yet; its best so far is in ${best}.`;
  return "Give the folder that model.save wrote, or a run's.";
}

function parseDescription(path: string, text: string): Description {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ModelFileError(`loadModel: expected JSON in ${path}, received ${(error as Error).message}.`, {
      cause: error,
    });
  }
  const d = parsed as Partial<Description> | null;
  if (typeof d !== 'object' || d === null || d.format !== 'cnnative' || !Array.isArray(d.nodes)) {
    throw new ModelFileError(
      `loadModel: expected the description of a cnnative model in ${path}, received ${describe(parsed)}.`,
    );
  }
  if (!FORMAT_VERSIONS.some((version) => version === d.formatVersion)) {
    throw new ModelFileError(
      `loadModel: expected format version ${FORMAT_VERSIONS.join(' or ')} in ${path}, received ${describe(d.formatVersion)}. ` +
        'Read it with the version of cnnative that wrote it.',
    );
  }
  return d as Description;
}

/** What `make` makes of a description, in whose errors the file is named. */
function describing<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const reason = error instanceof CnnativeError ? error.message : 'one with missing parts';
    throw new ModelFileError(`loadModel: expected a description of a model in ${path}, received ${reason}`, {
      cause: error,
    });
  }
}

function networkOf(path: string, description: Description): { inputs: ModelInput[]; graph: Graph } {
  const inputs = inputsOf(path, description);
  return { inputs, graph: graphFromNodes(path, inputs, description.nodes) };
}

function runtimeOf(path: string, description: Description, graph: Graph, inputs: ModelInput[]): Runtime {
  const { seed, classNames, compiled } = description;
  const runtime = new Runtime(graph, inputs, checkInteger(path, 'seed', seed, 0));
  if (classNames !== undefined) runtime.classNames = checkClassNames(path, classNames, runtime.outputShape);
  if (description.awaitingData !== undefined) runtime.awaitingData = awaitedNames(graph, description.awaitingData);
  if (compiled !== undefined) {
    const optimizer = optimizerFromConfig(path, compiled.optimizer);
    const loss = lossFromConfig(path, compiled.loss);
    runtime.compile({ optimizer, loss, metrics: metricsFromConfig(path, compiled.metrics) }, path);
  }
  return runtime;
}

/** @throws ModelFileError unless they are names of weights that data can fill */
function awaitedNames(graph: Graph, names: unknown): Set<string> {
  const known = dataParameters(graph).map(({ name }) => name);
  const wrong = Array.isArray(names) ? names.find((name) => !known.includes(name)) : names;
  if (!Array.isArray(names) || wrong !== undefined) throw new ModelFileError(`${describe(wrong)} awaiting data`);
  return new Set(names as string[]);
}

/** The inputs described in either version. */
function inputsOf(path: string, { formatVersion, input, inputs }: Description): ModelInput[] {
  const described = formatVersion === 1 ? [{ ...(input as InputOptions), name: INPUT }] : [...(inputs ?? [])];
  if (described.length === 0) throw new ModelFileError('no inputs, where a model has at least one');
  return described.map(({ name, ...options }) => ({ name: checkName(path, name), ...checkInput(path, options) }));
}

/** Applies the described layers to one another again. */
function graphFromNodes(path: string, inputs: readonly ModelInput[], nodes: readonly NodeDescription[]): Graph {
  if (nodes.length === 0) throw new ModelFileError('no nodes, where a model has at least one layer');
  const sources = inputs.map(({ name, shape }) => new SymbolicTensor(shape, null, [], name));
  const tensors = new Map(sources.map((source) => [source.givenName as string, source]));
  const layers = new Map<string, Layer>();
  let output = sources[0] as SymbolicTensor;
  for (const { name, inputs, layer: config, sharedWith } of nodes) {
    if (tensors.has(name)) throw new ModelFileError(`the name '${name}' twice`);
    const layer = sharedWith === undefined ? layerFromConfig(path, config, name) : layers.get(sharedWith);
    if (!layer) throw new ModelFileError(`${name} sharing the layer of ${describe(sharedWith)}`);
    const reads = Array.isArray(inputs) ? inputs.map((read) => tensors.get(read)) : [undefined];
    if (reads.includes(undefined)) throw new ModelFileError(`${name} reading ${describe(inputs)}`);
    layers.set(name, layer);
    output = layer.connect(name, reads as SymbolicTensor[]);
    tensors.set(name, output);
  }
  const graph = graphOf(path, sources, output, new Map([...tensors].map(([name, tensor]) => [tensor, name])));
  const read = new Set(graph.nodes.map(({ name }) => name));
  const unread = nodes.find(({ name }) => !read.has(name));
  if (unread) throw new ModelFileError(`a node ${unread.name} that nothing reads`);
  return graph;
}

function matchWeights(path: string, graph: Graph, tensors: ReadonlyMap<string, Tensor>): Float32Array[] {
  const names = graph.parameters.map(({ name }) => name);
  const known = new Set(names);
  for (const name of tensors.keys()) {
    if (known.has(name)) continue;
    throw new ModelFileError(
      `loadModel: expected only the tensors ${names.join(', ')} in ${path}, received ${describe(name)}. ` +
        'The weights belong to another model.',
    );
  }
  return graph.parameters.map(({ name, shape }) => {
    const tensor = tensors.get(name);
    if (!tensor || !sameShape(tensor.shape, shape)) {
      const received = tensor ? formatShape(tensor.shape) : 'no such tensor';
      throw new ModelFileError(
        `loadModel: expected a tensor ${name} of shape ${formatShape(shape)} in ${path}, received ${received}. ` +
          'The weights belong to another model.',
      );
    }
    return tensor.data;
  });
}

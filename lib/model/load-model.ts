import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CnnativeError, ModelFileError } from '../errors/index.js';
import { type Layer, layerFromConfig } from '../layers/index.js';
import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { lossFromConfig } from '../losses/index.js';
import { metricsFromConfig } from '../metrics/index.js';
import { optimizerFromConfig } from '../optimizers/index.js';
import { checkInteger, checkName, checkText } from '../util/check.js';
import { describe } from '../util/describe.js';
import { formatShape, sameShape } from '../util/shape.js';
import { checkClassNames } from './class-names.js';
import { type Graph, graphOf, INPUT } from './graph.js';
import { checkInput, type InputOptions, type ModelInput } from './input.js';
import { Model } from './model.js';
import {
  DESCRIPTION,
  type Description,
  FORMAT_VERSIONS,
  type NodeDescription,
  RUN_MODEL,
  WEIGHTS,
} from './model-format.js';
import { Runtime } from './runtime.js';
import { decodeSafetensors, type Tensor } from './safetensors.js';

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
  const description = parseDescription(path, (await readModelFile(path)).toString('utf8'));
  const runtime = fromDescription(path, description);
  const weightsPath = join(folder, WEIGHTS);
  const tensors = decodeSafetensors(weightsPath, await readModelFile(weightsPath));
  await runtime.parameters.write(matchWeights(weightsPath, runtime.graph, tensors));
  return new Model(runtime);
}

async function readModelFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ModelFileError(
      `loadModel: expected a readable file ${path}, received ${(error as Error).message}. Give the folder that model.save wrote.`,
      { cause: error },
    );
  }
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

function fromDescription(path: string, description: Description): Runtime {
  try {
    const inputs = inputsOf(path, description);
    const graph = graphFromNodes(path, inputs, description.nodes);
    const runtime = new Runtime(graph, inputs, checkInteger(path, 'seed', description.seed, 0));
    const { classNames, compiled } = description;
    if (classNames !== undefined) runtime.classNames = checkClassNames(path, classNames, runtime.outputShape);
    if (compiled) {
      const optimizer = optimizerFromConfig(path, compiled.optimizer);
      const loss = lossFromConfig(path, compiled.loss);
      runtime.compile({ optimizer, loss, metrics: metricsFromConfig(path, compiled.metrics) }, path);
    }
    return runtime;
  } catch (error) {
    const reason = error instanceof CnnativeError ? error.message : 'one with missing parts';
    throw new ModelFileError(`loadModel: expected a description of a model in ${path}, received ${reason}`, {
      cause: error,
    });
  }
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
  const graph = graphOf(path, sources, output);
  const unread = nodes.find(({ name }) => !graph.nodes.some((node) => node.name === name));
  if (unread) throw new ModelFileError(`a node ${unread.name} that nothing reads`);
  return graph;
}

function matchWeights(path: string, graph: Graph, tensors: ReadonlyMap<string, Tensor>): Float32Array[] {
  const names = graph.parameters.map(({ name }) => name);
  for (const name of tensors.keys()) {
    if (names.includes(name)) continue;
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

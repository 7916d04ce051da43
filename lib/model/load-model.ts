import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CnnativeError, ModelFileError } from '../errors/index.js';
import { layerFromConfig } from '../layers/index.js';
import { lossFromName } from '../losses/index.js';
import { checkMetrics } from '../metrics/index.js';
import { optimizerFromConfig } from '../optimizers/index.js';
import { checkInteger, checkText } from '../util/check.js';
import { describe } from '../util/describe.js';
import { formatShape, sameShape } from '../util/shape.js';
import { buildGraph, type Graph } from './graph.js';
import { checkInput } from './input.js';
import { Model } from './model.js';
import { DESCRIPTION, type Description, FORMAT_VERSION, WEIGHTS } from './model-format.js';
import { Runtime } from './runtime.js';
import { decodeSafetensors, type Tensor } from './safetensors.js';

/**
 * The model saved in a folder, ready to predict with the same bits; compiled if it was when saved.
 *
 * @throws InvalidArgumentError unless `folder` is a path, ModelFileError when a file is missing, cut short, or does not describe a model
 */
export async function loadModel(folder: string): Promise<Model> {
  checkText('loadModel', 'folder', folder);
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
  if (d.formatVersion !== FORMAT_VERSION) {
    throw new ModelFileError(
      `loadModel: expected format version ${FORMAT_VERSION} in ${path}, received ${describe(d.formatVersion)}. ` +
        'Read it with the version of cnnative that wrote it.',
    );
  }
  return d as Description;
}

function fromDescription(path: string, description: Description): Runtime {
  try {
    const input = checkInput(path, description.input);
    const layers = description.nodes.map(({ name, layer }) => layerFromConfig(path, layer, name));
    const graph = buildGraph(path, input.shape, layers);
    graph.nodes.forEach((node, i) => {
      const { inputs } = description.nodes[i] ?? {};
      if (String(inputs) === String(node.inputs)) return;
      throw new ModelFileError(`${node.name} reading ${describe(inputs)} instead of ${describe(node.inputs)}`);
    });
    const runtime = new Runtime(graph, input, checkInteger(path, 'seed', description.seed, 0));
    const { compiled } = description;
    if (compiled) {
      const optimizer = optimizerFromConfig(path, compiled.optimizer);
      const loss = lossFromName(path, compiled.loss);
      runtime.compile({ optimizer, loss, metrics: checkMetrics(path, compiled.metrics) }, path);
    }
    return runtime;
  } catch (error) {
    const reason = error instanceof CnnativeError ? error.message : 'one with missing parts';
    throw new ModelFileError(`loadModel: expected a description of a model in ${path}, received ${reason}`, {
      cause: error,
    });
  }
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

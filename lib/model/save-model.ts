import { join } from 'node:path';
import { ModelFileError } from '../errors/index.js';
import { configOf } from '../losses/index.js';
import { configOfMetric } from '../metrics/index.js';
import { makeFolder } from '../util/make-folder.js';
import { systemReason } from '../util/system-reason.js';
import { writeFileAtomically } from '../util/write-file.js';
import { INPUT } from './graph.js';
import type { ModelInput } from './input.js';
import { DESCRIPTION, type Description, WEIGHTS } from './model-format.js';
import type { Runtime } from './runtime.js';
import { encodeSafetensors, type Tensor } from './safetensors.js';

/** In the oldest version that can hold them. */
function describeInputs(inputs: readonly ModelInput[]): Pick<Description, 'formatVersion' | 'input' | 'inputs'> {
  const [first, ...others] = inputs;
  if (first?.name !== INPUT || others.length > 0) return { formatVersion: 2, inputs };
  const { name, ...input } = first;
  return { formatVersion: 1, input };
}

/** All of a model but its weights. */
export function describeModel(runtime: Runtime): Description {
  const { graph, inputs, seed, compiledOrNone: compiled, classNames } = runtime;
  return {
    format: 'cnnative',
    ...describeInputs(inputs),
    seed,
    ...(classNames && { classNames }),
    nodes: graph.nodes.map(({ name, inputs, layer }) => {
      const first = graph.nodes.find((node) => node.layer === layer)?.name;
      return {
        name,
        inputs,
        layer: layer.config(),
        ...(first !== undefined && first !== name && { sharedWith: first }),
      };
    }),
    ...(compiled && {
      compiled: {
        optimizer: compiled.optimizer.config(),
        loss: configOf(compiled.loss),
        metrics: compiled.metrics.map(configOfMetric),
      },
    }),
  };
}

/** Writes the two files of a model; the weights first, so that a description is never without its weights. */
export async function saveModel(folder: string, runtime: Runtime, weights: Record<string, Tensor>): Promise<void> {
  const awaitingData = [...runtime.awaitingData];
  const description = { ...describeModel(runtime), ...(awaitingData.length > 0 && { awaitingData }) };
  try {
    await makeFolder(folder);
    await writeFileAtomically(join(folder, WEIGHTS), encodeSafetensors(weights, { format: 'cnnative' }));
    await writeFileAtomically(join(folder, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`);
  } catch (error) {
    throw new ModelFileError(
      `model.save: expected a folder that can be written to, received ${systemReason(folder, error, 'write')}.`,
      { cause: error },
    );
  }
}

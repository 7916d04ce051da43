import { type Callback, callbackFromConfig } from '../callbacks/index.js';
import { InvalidArgumentError } from '../errors/index.js';
import { layerFromConfig } from '../layers/index.js';
import type { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { lossFromConfig } from '../losses/index.js';
import { metricsFromConfig } from '../metrics/index.js';
import { model as functionalModel, input } from '../model/functional.js';
import type { InputOptions } from '../model/input.js';
import type { Model } from '../model/model.js';
import { models } from '../models/index.js';
import type { ModelName } from '../models/names.js';
import { optimizerFromConfig } from '../optimizers/index.js';
import { at } from './at.js';
import type { Config, LayersConfig, PartConfig } from './config.js';
import { nearest } from './nearest.js';

/**
 * The model of a configuration, compiled.
 *
 * @param usual shape of the data, and how its pixels are normalised, unless the configuration says otherwise
 */
export function buildModel(config: Config, usual: InputOptions): Model {
  const model = networkOf(config, usual);
  const optimizer = at('optimizer', () => optimizerFromConfig('optimizer', config.optimizer));
  const loss = at('loss', () => lossFromConfig('loss', config.loss));
  const metrics = at('metrics', () => metricsFromConfig('metrics', config.metrics as PartConfig[]));
  at('loss', () => loss.checkOutput('loss', model.outputShape));
  for (const metric of metrics) at('metrics', () => metric.checkOutput?.('metrics', model.outputShape));
  model.compile({ optimizer, loss, metrics });
  return model;
}

/** The callbacks of a configuration, in their order. */
export function buildCallbacks({ callbacks = [] }: Config): Callback[] {
  return callbacks.map((config, i) => at(`callbacks[${i}]`, () => callbackFromConfig(`callbacks[${i}]`, config)));
}

function networkOf({ model, seed }: Config, usual: InputOptions): Model {
  if ('layers' in model) return at('model', () => fromLayers(model as LayersConfig, seed, usual));
  const { type, input: given } = model as PartConfig & { input?: Partial<InputOptions> };
  return at('model', () => models[type as ModelName]({ seed, input: { ...usual, ...given } }));
}

function fromLayers({ layers, input: given }: LayersConfig, seed: number, usual: InputOptions) {
  const source = input({ ...usual, ...given });
  const tensors = new Map<string, SymbolicTensor>([['input', source]]);
  let output = source;
  for (const [i, { inputs, name, ...config }] of layers.entries()) {
    output = at(`model.layers[${i}]`, () => {
      const reads = inputs === undefined ? [output] : (inputs as string[]).map((read) => known(read, tensors));
      if (typeof name === 'string' && tensors.has(name)) {
        throw new InvalidArgumentError(`name: expected a name for each layer, received '${name}' again.`);
      }
      const make = layerFromConfig(`model.layers[${i}]`, config as PartConfig, name as string);
      return make.connect(typeof name === 'string' ? name : `layers.${make.type}`, reads);
    });
    if (typeof name === 'string') tensors.set(name, output);
  }
  return functionalModel({ inputs: source, outputs: output, seed });
}

function known(name: string, tensors: ReadonlyMap<string, SymbolicTensor>): SymbolicTensor {
  const tensor = tensors.get(name);
  if (tensor) return tensor;
  const names = [...tensors.keys()];
  const close = nearest(name, names);
  throw new InvalidArgumentError(
    `inputs: expected names of layers before, which are ${names.join(', ')}, received '${name}'.` +
      (close === undefined ? '' : ` Did you mean '${close}'?`),
  );
}

import { inTurn } from '../in-turn.mjs';
import * as own from '../own.mjs';

export const title = 'Layers on tensors four times the last-level cache';
export const unit = '% of STREAM';
export const better = 'higher';

/** Of bench/own/bandwidth.mjs: what is measured in predictions, in training, or in both. */
const LAYERS = [
  'relu',
  'leakyRelu',
  'hardSwish',
  'sigmoid',
  'tanh',
  'softplus',
  'gelu',
  'mish',
  'elu',
  'prelu',
  'maxPooling2d',
  'averagePooling2d',
  'batchNormalization',
  'layerNormalization',
  'groupNormalization',
  'instanceNormalization',
  'localResponseNormalization',
  'dropout',
  'upSampling2d',
  'zeroPadding2d',
];

export async function run(context) {
  const rows = [];
  for (const layer of LAYERS) {
    for (const phase of ['infer', 'train']) {
      const metrics = { forward: { group: 'forward', cells: { pass: 'forward' } } };
      if (phase === 'train') metrics.backward = { group: 'backward', cells: { pass: 'backward' } };
      if (phase === 'infer' && layer === 'dropout') continue; // nothing happens
      const measure = () => own.bandwidth({ layer, phase }, context);
      rows.push(...(await inTurn(context, { cells: { layer, phase }, metrics, better, own: measure, peers: {} })));
    }
  }
  return rows;
}

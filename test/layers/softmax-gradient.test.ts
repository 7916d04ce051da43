import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

testGradients(
  'gradients of softmax and of the loss match central differences',
  () => [
    {
      name: 'softmax at the end, fused with the loss',
      inputShape: [9],
      layers: [layers.dense({ units: 7, activation: 'softmax' })],
      samples: 21,
    },
    {
      name: 'softmax as a layer at the end',
      inputShape: [9],
      layers: [layers.dense({ units: 7 }), layers.activation({ activation: 'softmax' })],
      samples: 5,
    },
    { name: 'raw logits', inputShape: [9], layers: [layers.dense({ units: 7 })], samples: 33 },
    {
      name: 'softmax in the middle',
      inputShape: [6],
      layers: [layers.dense({ units: 13, activation: 'softmax' }), layers.dense({ units: 5, activation: 'softmax' })],
      samples: 18,
    },
    {
      name: 'softmax of a softmax',
      inputShape: [6],
      layers: [layers.dense({ units: 8, activation: 'softmax' }), layers.activation({ activation: 'softmax' })],
      samples: 16,
    },
    {
      name: 'softmax on the input',
      inputShape: [5],
      layers: [layers.activation({ activation: 'softmax' }), layers.dense({ units: 4 })],
      samples: 7,
    },
    {
      name: 'the loss of the input alone',
      inputShape: [12],
      layers: [layers.activation({ activation: 'softmax' })],
      samples: 17,
    },
    {
      name: 'logSoftmax at the end, fused with the loss',
      inputShape: [9],
      layers: [layers.dense({ units: 7, activation: 'logSoftmax' })],
      samples: 21,
    },
    {
      name: 'logSoftmax as a layer at the end',
      inputShape: [9],
      layers: [layers.dense({ units: 7 }), layers.logSoftmax()],
      samples: 5,
    },
    {
      name: 'logSoftmax in the middle',
      inputShape: [6],
      layers: [layers.dense({ units: 13, activation: 'logSoftmax' }), layers.dense({ units: 5 })],
      samples: 18,
    },
    {
      name: 'logSoftmax on the input',
      inputShape: [5],
      layers: [layers.logSoftmax(), layers.dense({ units: 4 })],
      samples: 7,
    },
  ],
  90,
);

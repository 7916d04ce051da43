import { type Layer, layers, type SymbolicTensor } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

const conv = (filters: number) => layers.conv2d({ filters, kernelSize: 3, padding: 1, activation: 'tanh' });
const classes = (x: SymbolicTensor) => layers.dense({ units: 3 }).apply(layers.flatten().apply(x));

/** Three tensors of one shape, and what is between them, merged; one of them also read elsewhere. */
const merged = (name: string, merge: () => Layer, samples: number) => ({
  name,
  inputShape: [2, 4, 5],
  layers: (input: SymbolicTensor) => {
    const [a, b, c] = [conv(3).apply(input), conv(3).apply(input), conv(3).apply(input)];
    const inner = layers.activation({ activation: 'sigmoid' }).apply(merge().apply([a, b, c]));
    return classes(merge().apply([inner, conv(3).apply(a)]));
  },
  samples,
});

testGradients(
  'gradients of merged and rearranged tensors match central differences',
  () => [
    merged('products', layers.multiply, 18),
    merged('means', layers.average, 5),
    merged('maxima', layers.maximum, 33),
    {
      name: 'the input itself, squared, halved and beside a larger one',
      inputShape: [7],
      layers: (input) => {
        const square = layers.multiply().apply([input, input]);
        const half = layers.average().apply([input, square]);
        const largest = layers.maximum().apply([half, layers.dense({ units: 7 }).apply(input)]);
        return layers.dense({ units: 3 }).apply(layers.concatenate().apply([largest, input, square]));
      },
      samples: 19,
    },
    {
      name: 'channels behind one another, one tensor twice',
      inputShape: [2, 4, 5],
      layers: (input) => {
        const [a, b] = [conv(3).apply(input), conv(4).apply(input)];
        return classes(conv(3).apply(layers.concatenate().apply([a, input, b, a])));
      },
      samples: 17,
    },
    {
      name: 'rows and columns behind one another',
      inputShape: [2, 4, 5],
      layers: (input) => {
        const [a, b] = [conv(3).apply(input), layers.maxPooling2d({ poolSize: [2, 1] }).apply(conv(3).apply(input))];
        const rows = layers.concatenate({ axis: 1 }).apply([a, b]);
        return classes(conv(2).apply(layers.concatenate({ axis: 2 }).apply([rows, rows, conv(3).apply(rows)])));
      },
      samples: 20,
    },
    {
      name: 'shapes and orders of axes',
      inputShape: [2, 3, 4],
      layers: [
        layers.permute({ axes: [1, 2, 0] }),
        conv(4),
        layers.reshape({ targetShape: [2, -1, 2] }),
        conv(3),
        layers.permute({ axes: [2, 0, 1] }),
        layers.reshape({ targetShape: [3, 16] }),
        layers.permute({ axes: [1, 0] }),
        layers.reshape({ targetShape: [2, 3, -1, 2] }),
        layers.permute({ axes: [3, 1, 0, 2] }),
        layers.permute({ axes: [0, 1, 2, 3] }),
        layers.flatten(),
        layers.dense({ units: 3 }),
      ],
      samples: 21,
    },
    {
      name: 'a gate on channels',
      inputShape: [3, 4, 4],
      layers: (input) => {
        const x = conv(4).apply(input);
        const gate = layers.conv2d({ filters: 4, kernelSize: 1, activation: 'sigmoid' }).apply(x);
        return classes(layers.multiply().apply([x, gate]));
      },
      samples: 16,
    },
  ],
  323,
);

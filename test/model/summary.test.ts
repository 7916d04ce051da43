import test from 'ava';
import { layers, sequential } from 'cnnative';
import { lenet5 } from '../helpers/lenet5.js';

test('the summary lists layers, output shapes and parameters', (t) => {
  const rows = lenet5()
    .summary()
    .split('\n')
    .filter((line) => line.includes('│'))
    .map((line) => line.split('│').map((cell) => cell.trim()));
  const cells = rows.map((row) => row.slice(1, -1).join(' | '));
  t.deepEqual(cells, [
    'layer | kind | output shape | parameters',
    'input |  | [1, 28, 28] | ',
    'conv2d | conv2d | [6, 28, 28] | 156',
    'maxPooling2d | maxPooling2d | [6, 14, 14] | 0',
    'conv2d_1 | conv2d | [16, 10, 10] | 2,416',
    'maxPooling2d_1 | maxPooling2d | [16, 5, 5] | 0',
    'flatten | flatten | [400] | 0',
    'dense | dense | [120] | 48,120',
    'dense_1 | dense | [84] | 10,164',
    'dense_2 | dense | [10] | 850',
    'total | 61,706',
  ]);
});

test('the lines of the summary are equally long and hold no colours', (t) => {
  const text = sequential({ inputShape: [3] }, [
    layers.dense({ units: 2, name: 'a-name-that-takes-its-room' }),
  ]).summary();
  t.is(new Set(text.split('\n').map((line) => line.length)).size, 1);
  t.false(text.includes('\u001b'));
});

import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { benchModule } from '../helpers/bench-module.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const { multiplyAdds, nominalBytes, parseConvolution, parseLayer, readConvolutions, readLayers } = await benchModule<{
  multiplyAdds(shape: object): number;
  nominalBytes(layer: object): { forward: number; backward: number };
  parseConvolution(line: string): object;
  parseLayer(line: string): object;
  readConvolutions(path: string): { list: string; batch: number }[];
  readLayers(path: string): object[];
}>('shapes.mjs');
const bench = fileURLToPath(new URL('../../bench', import.meta.url));

test('a line of convolutions with every option', (t) => {
  t.deepEqual(parseConvolution('64  32->64  3x5  28x30  stride 2  pad 1  groups 4'), {
    name: '32->64 3x5 28x30 stride 2 pad 1 groups 4',
    batch: 64,
    inputs: 32,
    outputs: 64,
    kernel: [3, 5],
    image: [28, 30],
    stride: 2,
    pad: 1,
    groups: 4,
    dilation: 1,
    transposed: 0,
  });
});

test('lines of layers', (t) => {
  const pooling = {
    name: 'maxPooling 6x28x28 size 3',
    batch: 8,
    kind: 'maxPooling',
    shape: [6, 28, 28],
    size: 3,
    stride: 3,
  };
  t.deepEqual(parseLayer('8 maxPooling 6x28x28 size 3'), pooling);
  const dense = { name: 'dense 400 units 120', batch: 8, kind: 'dense', shape: [400], units: 120 };
  t.deepEqual(parseLayer('8 dense 400 units 120'), dense);
});

for (const [line, message] of [
  ['x 1->6 5x5 32x32', /expected BATCH, received 'x'/],
  ['8 1-6 5x5 32x32', /expected INPUTS->OUTPUTS, received '1-6'/],
  ['8 1->6 5 32x32', /expected RxS, received '5'/],
  ['8 1->6 5x5', /expected HxW, received nothing/],
  ['8 1->6 5x5 32x0', /expected HxW, received '32x0'/],
  ['8 1->6 5x5 32x32 padding 2', /expected stride, pad, groups, dilation, transposed, received 'padding'/],
  ['8 1->6 5x5 32x32 pad', /expected a number after pad, received nothing/],
] as const) {
  test(`rejects the convolution '${line}'`, (t) => {
    t.throws(() => parseConvolution(line), { message });
  });
}

test('rejects an unknown layer', (t) => {
  t.throws(() => parseLayer('8 softmax 10'), { message: /expected batchNormalization, addRelu.*, received 'softmax'/ });
});

test('a mistake is told with file and line; comments and empty lines are left out', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'some.txt');
  await writeFile(path, '# comment\n\n8  1->6  5x5  32x32  # too\n');
  const [{ list, batch } = { list: '', batch: 0 }, ...others] = readConvolutions(path);
  t.deepEqual([list, batch, others.length], ['some', 8, 0]);
  await writeFile(path, '8 1->6 5x5 32x32\nnonsense\n');
  t.throws(() => readConvolutions(path), { message: /some\.txt, line 2: expected/ });
});

test('every list that comes with the bench can be read', (t) => {
  const lists = readdirSync(join(bench, 'shapes')).map((file) => readConvolutions(join(bench, 'shapes', file)));
  t.true(lists.length >= 6 && lists.every((list) => list.length > 0));
  t.true(readLayers(join(bench, 'layers.txt')).length > 0);
});

test('multiply-adds of a direction', (t) => {
  // 10x10 places, each 3x3 of 4 channels in a group, 6 filters, 2 samples.
  t.is(multiplyAdds(parseConvolution('2 8->6 3x3 10x10 pad 1 groups 2')), 2 * 6 * 100 * 4 * 9);
  t.is(multiplyAdds(parseConvolution('1 1->1 2x2 5x5 stride 2')), 4 * 4);
  t.is(multiplyAdds(parseConvolution('1 2->3 3x3 9x9 dilation 2')), 2 * 3 * 9 * 25);
  t.is(multiplyAdds(parseConvolution('1 2->3 4x4 5x5 stride 2 pad 1 transposed 1')), 2 * 3 * 16 * 25);
});

test('nominal bytes of a layer', (t) => {
  t.deepEqual(nominalBytes(parseLayer('2 addRelu 1x2x2')), { forward: 3 * 8 * 4, backward: 3 * 8 * 4 });
  t.deepEqual(nominalBytes(parseLayer('2 maxPooling 1x4x4 size 2')), { forward: (32 + 8) * 4, backward: (64 + 8) * 4 });
  t.deepEqual(nominalBytes(parseLayer('2 dense 3 units 5')), {
    forward: (6 + 10 + 15) * 4,
    backward: (12 + 10 + 30) * 4,
  });
});

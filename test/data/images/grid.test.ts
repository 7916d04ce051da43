import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  DataError,
  type Dataset,
  datasets,
  type GridOptions,
  InvalidArgumentError,
  images,
  type Picture,
  ShapeError,
} from 'cnnative';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

/** Flat pictures: sample i has the value 20 * i + c in channel c. */
function flat(size: number, shape: [number, number, number] = [1, 4, 6]): Dataset {
  const [channels, height, width] = shape;
  const plane = height * width;
  const pixels = Uint8Array.from({ length: size * channels * plane }, (_, i) => {
    const c = Math.floor(i / plane) % channels;
    return 20 * Math.floor(i / (plane * channels)) + c;
  });
  return datasets.fromArrays({
    images: pixels,
    labels: Array.from({ length: size }, (_, i) => i % 3),
    shape,
    classNames: ['cat', 'dog', 'fox'],
  });
}

const pixel = ({ data, shape: [, height, width] }: Picture, c: number, y: number, x: number) =>
  data[(c * height + y) * width + x];

/** The pixels of a column of text as # and ., row by row. */
function lines(
  { data, shape: [, , width] }: Picture,
  top: number,
  left: number,
  rows: number,
  columns: number,
): string[] {
  return Array.from({ length: rows }, (_, y) =>
    [...data.subarray((top + y) * width + left, (top + y) * width + left + columns)]
      .map((v) => (v === 0 ? '#' : '.'))
      .join(''),
  );
}

test('puts samples side by side on white, row by row', (t) => {
  const picture = images.grid(flat(7), { rows: 2, columns: 3, scale: 1 });
  // 3 pictures of 6 columns and 4 gaps of 4; 2 of 4 rows and 3 gaps.
  t.deepEqual(picture.shape, [1, 2 * 4 + 3 * 4, 3 * 6 + 4 * 4]);
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 34; x++) {
      const [row, column] = [Math.floor((y - 4) / 8), Math.floor((x - 4) / 10)];
      const inside = y >= 4 && x >= 4 && (y - 4) % 8 < 4 && (x - 4) % 10 < 6;
      t.is(pixel(picture, 0, y, x), inside ? 20 * (row * 3 + column) : 255, `${y}, ${x}`);
    }
  }
});

test('enlarges pixels to squares, colours plane by plane', (t) => {
  const set = datasets.fromArrays({
    images: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    labels: [0],
    shape: [3, 2, 2],
  });
  const picture = images.grid(set, { rows: 1, columns: 1, scale: 3 });
  t.deepEqual(picture.shape, [3, 14, 14]);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 6; x++) {
        t.is(pixel(picture, c, 4 + y, 4 + x), 4 * c + 2 * Math.floor(y / 3) + Math.floor(x / 3) + 1);
      }
    }
  }
  t.deepEqual(images.grid(flat(1, [1, 28, 28]), { rows: 1, columns: 1 }).shape, [1, 8 + 84, 8 + 84]);
  t.deepEqual(images.grid(flat(1, [1, 200, 100]), { rows: 1, columns: 1 }).shape, [1, 208, 108]);
});

test('writes the names of the classes, centred below', (t) => {
  const set = flat(2, [1, 4, 20]);
  const picture = images.grid(set, { rows: 1, columns: 2, scale: 1, labels: true });
  t.deepEqual(picture.shape, [1, 4 + 4 + 10 + 4, 2 * 20 + 3 * 4]);
  const cat = [
    '.............#...',
    '.............#...',
    '.###...###..####.',
    '#.........#..#...',
    '#......####..#...',
    '#.....#...#..#...',
    '.###...####...##.',
    '.................',
  ];
  t.deepEqual(lines(picture, 10, 5, 8, 17), cat);
  // 17 of 20 columns: 1 is left free before the text, 2 behind it.
  t.deepEqual(lines(picture, 10, 4, 8, 1), new Array(8).fill('.'));
});

test('labels may be texts of the caller; what is too long is cut', (t) => {
  const set = flat(2, [1, 4, 20]);
  const texts = (labels: string[]) => images.grid(set, { rows: 1, columns: 2, scale: 1, labels });
  t.deepEqual(texts(['cat', 'dog']), images.grid(set, { rows: 1, columns: 2, scale: 1, labels: true }));
  t.deepEqual(texts(['CATS and more', 'dog']), texts(['cat', 'dog']));
  t.deepEqual(texts(['', '']).data.filter((value) => value === 255).length, texts(['', '']).data.length - 2 * 80);
  // A letter there is none of is a box, and no error.
  t.deepEqual(lines(texts(['é', '']), 10, 11, 8, 5), [
    '#####',
    '#...#',
    '#...#',
    '#...#',
    '#...#',
    '#...#',
    '#####',
    '.....',
  ]);
  const unnamed = { ...set, classNames: undefined } as unknown as Dataset;
  t.deepEqual(images.grid(unnamed, { rows: 1, columns: 2, scale: 1, labels: true }), texts(['0', '1']));
});

test('no two letters look alike', (t) => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789 -.,:/%()_é'];
  const seen = new Set(
    letters.map((letter) =>
      images.grid(flat(1, [1, 4, 6]), { rows: 1, columns: 1, scale: 1, labels: [letter] }).data.join(),
    ),
  );
  t.is(seen.size, letters.length);
});

test('a seed draws samples, none twice and the same ones again', (t) => {
  const set = flat(12);
  const shown = (options: Partial<GridOptions>) => {
    const picture = images.grid(set, { rows: 3, columns: 4, scale: 1, ...options });
    return Array.from(
      { length: 12 },
      (_, i) => (pixel(picture, 0, 4 + 8 * Math.floor(i / 4), 4 + 10 * (i % 4)) as number) / 20,
    );
  };
  const inOrder = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
  t.deepEqual(shown({}), inOrder);
  t.notDeepEqual(shown({ seed: 1 }), inOrder);
  t.deepEqual(
    [...shown({ seed: 1 })].sort((a, b) => a - b),
    inOrder,
  );
  t.deepEqual(shown({ seed: 1 }), shown({ seed: 1 }));
  t.notDeepEqual(shown({ seed: 1 }), shown({ seed: 2 }));
  // The label goes with its picture.
  const few = images.grid(set, { rows: 1, columns: 1, scale: 4, seed: 5, labels: true });
  const sample = (pixel(few, 0, 4, 4) as number) / 20;
  t.deepEqual(
    few,
    images.grid(set, { rows: 1, columns: 1, scale: 4, seed: 5, labels: [['cat', 'dog', 'fox'][sample % 3] as string] }),
  );
});

test('floats are spread from black to white', (t) => {
  const set = datasets.fromArrays({
    images: Float32Array.of(-1, 0, 1, 3, 9, 9, 9, 9),
    labels: [0, 1],
    shape: [1, 1, 4],
  });
  const picture = images.grid(set, { rows: 1, columns: 1, scale: 1 });
  t.deepEqual([...picture.data.subarray(4 * 12 + 4, 4 * 12 + 8)], [0, 64, 128, 255]);
  const same = datasets.fromArrays({ images: Float32Array.of(7, 7), labels: [0], shape: [1, 1, 2] });
  t.is(pixel(images.grid(same, { rows: 1, columns: 1, scale: 1 }), 0, 4, 4), 0);
});

test('a grid written as PNG is read as it was', async (t) => {
  const folder = await temporaryFolder(t);
  for (const shape of [
    [1, 4, 6],
    [3, 5, 4],
  ] as [number, number, number][]) {
    const set = flat(6, shape);
    const options = { rows: 2, columns: 3, labels: true } as const;
    const path = join(folder, `grid-${shape[0]}.png`);
    await images.writeGrid(path, set, options);
    const expected = images.grid(set, options);
    t.deepEqual(await images.read(path, { channels: shape[0] as 1 | 3 }), expected);
    await images.write(path, expected);
    t.deepEqual(await images.read(path, { channels: shape[0] as 1 | 3 }), expected);
  }
  t.deepEqual((await readdir(folder)).sort(), ['grid-1.png', 'grid-3.png']);
});

test('rejects what is no grid', (t) => {
  const set = flat(6);
  const cases: [unknown, Record<string, unknown>, RegExp][] = [
    [set, { rows: 0, columns: 1 }, /an integer of at least 1 for rows, received 0\./],
    [set, { rows: 1 }, /for columns, received undefined\./],
    [set, { rows: 2, columns: 4 }, /rows times columns of at most 6, the samples of the set, received 2 x 4\./],
    [set, { rows: 1, columns: 1, scale: 0.5 }, /for scale, received 0\.5\./],
    [set, { rows: 1, columns: 1, scale: 1e5 }, /a picture of at most 268435456 values, received .*smaller scale/],
    [set, { rows: 1, columns: 1, seed: -1 }, /for seed, received -1\./],
    [
      set,
      { rows: 1, columns: 2, labels: ['a'] },
      /true, false or 2 strings, one a picture, for labels, received \["a"\]\./,
    ],
    [set, { rows: 1, columns: 1, labels: 'a' }, /for labels, received "a"\./],
    [
      set,
      { rows: 1, columns: 1, label: true },
      /only the options rows, columns, labels, seed, scale, received "label"/,
    ],
    [undefined, { rows: 1, columns: 1 }, /expected a dataset, received undefined\./],
    [{ train: set }, { rows: 1, columns: 1 }, /expected a dataset, received an object/],
  ];
  for (const [data, options, message] of cases) {
    t.throws(() => images.grid(data as Dataset, options as unknown as GridOptions), {
      instanceOf: InvalidArgumentError,
      message,
    });
  }
  for (const shape of [[4], [2, 1, 2]]) {
    const other = datasets.fromArrays({ images: new Uint8Array(4), labels: [0], shape });
    t.throws(() => images.grid(other, { rows: 1, columns: 1 }), {
      instanceOf: ShapeError,
      message: /\[1, H, W\] or \[3, H, W\]/,
    });
  }
});

test('rejects what cannot be written', async (t) => {
  const folder = await temporaryFolder(t);
  const picture: Picture = { data: new Uint8Array(4), shape: [1, 2, 2] };
  for (const path of ['', '.png', 'x.jpg', 7]) {
    await t.throwsAsync(images.write(path as string, picture), {
      instanceOf: InvalidArgumentError,
      message: /ends in \.png/,
    });
  }
  for (const bad of [
    undefined,
    {},
    { ...picture, shape: [1, 2, 3] },
    { ...picture, shape: [2, 1, 2] },
    { data: [1], shape: [1, 1, 1] },
  ]) {
    const writing = images.write(join(folder, 'x.png'), bad as Picture);
    await t.throwsAsync(writing, {
      instanceOf: InvalidArgumentError,
      message: /expected a picture \{ data: Uint8Array/,
    });
  }
  await t.throwsAsync(images.write(join(folder, 'absent', 'x.png'), picture), {
    instanceOf: DataError,
    message: /images\.write: expected a file that can be written, received .*x\.png, whose folder does not exist\./,
  });
  t.deepEqual(await readdir(folder), []);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { DataError, InvalidArgumentError, images, layers, type ReadPictureOptions, sequential } from 'cnnative';
import sharp from 'sharp';
import { loadSharp } from '#lib/data/images/load-sharp.js';
import { Philox } from '#lib/util/philox.js';
import { png } from '../../helpers/png.js';
import { seed } from '../../helpers/seed.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

/** A picture of 5 x 3 pixels in which every value is different, interleaved. */
const RGB = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => 5 * i);
const RGB_PNG = png(5, 3, 3, RGB);
/** The same with a mark to turn it by a quarter. */
const TURNED_PNG = await sharp(RGB_PNG).withMetadata({ orientation: 6 }).png().toBuffer();
/** The same, plane after plane. */
const PLANES = Uint8Array.from({ length: 45 }, (_, i) => 5 * ((i % 15) * 3 + Math.floor(i / 15)));
const GREY = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);

/** A smooth picture, which JPEG and WebP change little. */
const SMOOTH = Uint8Array.from({ length: 32 * 24 * 3 }, (_, i) => {
  const [x, y, c] = [Math.floor(i / 3) % 32, Math.floor(i / 96), i % 3];
  return Math.round(127 + 100 * Math.sin(x / 8 + c) * Math.cos(y / 9));
});

test('reads a colour picture as planes of red, green and blue', async (t) => {
  t.deepEqual(await images.read(RGB_PNG), { data: PLANES, shape: [3, 3, 5] });
  const path = join(await temporaryFolder(t), 'picture.png');
  await writeFile(path, RGB_PNG);
  t.deepEqual(await images.read(path), { data: PLANES, shape: [3, 3, 5] });
  t.is((await images.read(path)).data.constructor, Uint8Array);
});

test('reads a grey picture as one plane, or as three alike', async (t) => {
  const file = png(4, 3, 1, GREY);
  t.deepEqual(await images.read(file, { channels: 1 }), { data: GREY, shape: [1, 3, 4] });
  t.deepEqual(await images.read(file), { data: Uint8Array.of(...GREY, ...GREY, ...GREY), shape: [3, 3, 4] });
});

test('turns colours into grey by their luminance', async (t) => {
  const { data, shape } = await images.read(RGB_PNG, { channels: 1 });
  t.deepEqual(shape, [1, 3, 5]);
  // Rec. 709 on linear light, and back.
  const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const coded = (value: number) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);
  for (let i = 0; i < 15; i++) {
    const [red, green, blue] = RGB.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    const light = 0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
    t.true(Math.abs((data[i] as number) - 255 * coded(light)) < 2.5, `pixel ${i}: ${data[i]}, ${255 * coded(light)}`);
  }
});

test('shrinks about the centre, and enlarges half a pixel of the result to the right and down', async (t) => {
  // Columns from 20 on in steps of 10, and rows alike.
  const ramp = (along: (i: number) => number) =>
    png(
      20,
      20,
      1,
      Uint8Array.from({ length: 400 }, (_, i) => 20 + 10 * along(i)),
    );
  for (const [file, side, stride] of [
    [ramp((i) => i % 20), 'width', 1],
    [ramp((i) => Math.floor(i / 20)), 'height', 20],
  ] as const) {
    for (const [length, shift] of [
      [10, 0],
      [40, 0.5],
      [60, 0.5],
    ] as const) {
      const { data } = await images.read(file, { height: 20, width: 20, [side]: length, channels: 1 });
      const scale = length / 20;
      for (let i = Math.ceil(3 * scale); i < 17 * scale; i++) {
        const place = (i + 0.5 - shift) / scale - 0.5;
        const value = data[i * stride] as number;
        t.true(Math.abs(value - (20 + 10 * place)) <= 1, `${side} ${length}, ${i}: ${value}`);
      }
    }
  }
});

test('reads JPEG and WebP', async (t) => {
  const raw = sharp(SMOOTH, { raw: { width: 32, height: 24, channels: 3 } });
  for (const file of [
    await raw.clone().jpeg({ quality: 95 }).toBuffer(),
    await raw.clone().webp({ quality: 95 }).toBuffer(),
  ]) {
    const { data, shape } = await images.read(file);
    t.deepEqual(shape, [3, 24, 32]);
    let sum = 0;
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < 768; i++) sum += Math.abs((data[c * 768 + i] as number) - (SMOOTH[3 * i + c] as number));
    }
    t.true(sum / SMOOTH.length < 3, `mean difference ${sum / SMOOTH.length}`);
  }
});

test('lays what is transparent on white', async (t) => {
  const file = png(2, 1, 4, Uint8Array.of(200, 100, 0, 0, 200, 100, 0, 255));
  t.deepEqual((await images.read(file)).data, Uint8Array.of(255, 200, 255, 100, 255, 0));
});

test('turns pictures as their EXIF data says', async (t) => {
  // Orientation 6: to be turned by a quarter to the right.
  const file = await sharp(SMOOTH, { raw: { width: 32, height: 24, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95 })
    .toBuffer();
  const { data, shape } = await images.read(file);
  t.deepEqual(shape, [3, 32, 24]);
  // The lower left corner has become the upper left one.
  for (let c = 0; c < 3; c++) {
    t.true(Math.abs((data[c * 768] as number) - (SMOOTH[23 * 32 * 3 + c] as number)) < 20);
    t.true(Math.abs((data[c * 768 + 767] as number) - (SMOOTH[31 * 3 + c] as number)) < 20);
  }
});

test('resizes to the sides asked for', async (t) => {
  const file = png(
    8,
    4,
    1,
    Uint8Array.from({ length: 32 }, (_, i) => (i % 8 < 4 ? 0 : 200)),
  );
  const shapes: [ReadPictureOptions, number[]][] = [
    [{ height: 16, width: 16 }, [1, 16, 16]],
    [{ height: 2 }, [1, 2, 4]],
    [{ width: 2 }, [1, 1, 2]],
    [{ height: 1, width: 1 }, [1, 1, 1]],
    [{ height: 8, width: 8, fit: 'cover' }, [1, 8, 8]],
    [{ height: 8, width: 8, fit: 'contain' }, [1, 8, 8]],
  ];
  for (const [options, shape] of shapes) {
    const picture = await images.read(file, { channels: 1, ...options });
    t.deepEqual([...picture.shape], shape);
    t.is(
      picture.data.length,
      shape.reduce((product, side) => product * side, 1),
    );
  }
  // Far from the edge in the middle, a flat picture stays flat.
  const { data } = await images.read(file, { height: 32, width: 64, channels: 1 });
  for (let y = 0; y < 32; y++) {
    t.is(data[y * 64 + 4], 0);
    t.is(data[y * 64 + 60], 200);
  }
  // Bars above and below, or cut at the sides.
  const contained = await images.read(file, { height: 8, width: 8, channels: 1, fit: 'contain' });
  t.deepEqual([contained.data[7], contained.data[3 * 8 + 7]], [0, 200]);
  const covered = await images.read(png(4, 1, 1, Uint8Array.of(50, 50, 50, 50)), {
    height: 2,
    width: 2,
    channels: 1,
    fit: 'cover',
  });
  t.deepEqual([...covered.data], [50, 50, 50, 50]);
});

test('a picture read is the input of a model', async (t) => {
  const model = sequential({ inputShape: [1, 32, 32] }, [
    layers.flatten(),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  const { data } = await images.read(png(4, 3, 1, GREY), { height: 32, width: 32, channels: 1 });
  t.deepEqual((await model.predict(data)).shape, [1, 10]);
});

test('files that are no whole pictures are named', async (t) => {
  const folder = await temporaryFolder(t);
  const bad: [string, Uint8Array | string, RegExp][] = [
    [
      'empty.png',
      '',
      /expected a JPEG, PNG or WebP picture, received .*empty\.png, which begins otherwise\. Convert it/,
    ],
    ['text.jpg', 'no picture at all', /received .*text\.jpg, which begins otherwise/],
    ['vector.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"/>', /which begins otherwise/],
    [
      'cut.png',
      RGB_PNG.subarray(0, 50),
      /expected a whole picture, received .*cut\.png with this fault: .+\. The file is damaged/,
    ],
    ['head.jpg', Buffer.from('ffd8ffe0', 'hex'), /received .*head\.jpg with this fault: /],
  ];
  for (const [name, content, message] of bad) {
    const path = join(folder, name);
    await writeFile(path, content);
    await t.throwsAsync(images.read(path), { instanceOf: DataError, message });
  }
  await t.throwsAsync(images.read(Buffer.alloc(3)), {
    instanceOf: DataError,
    message: /received the picture, which begins/,
  });
  await t.throwsAsync(images.read(join(folder, 'absent')), {
    instanceOf: DataError,
    message: /absent, which does not exist\./,
  });
  await t.throwsAsync(images.read(folder), {
    instanceOf: DataError,
    message: /expected a readable file, received .*, which is a folder\./,
  });
});

test('a changed file is a picture or an error', async (t) => {
  t.log(`CNNATIVE_TEST_SEED=${seed}`);
  const random = new Philox(seed);
  const raw = sharp(SMOOTH, { raw: { width: 32, height: 24, channels: 3 } });
  const files = [
    await raw.clone().jpeg().toBuffer(),
    await raw.clone().png().toBuffer(),
    await raw.clone().webp().toBuffer(),
  ];
  for (const file of files) {
    for (let i = 0; i < 60; i++) {
      const changed = Buffer.from(file).subarray(
        0,
        random.nextInt(4) === 0 ? random.nextInt(file.length) : file.length,
      );
      for (let left = 3; left > 0 && changed.length > 0; left--)
        changed[random.nextInt(changed.length)] = random.nextInt(256);
      try {
        const { data, shape } = await images.read(changed, { height: 8, width: 8 });
        t.deepEqual([data.length, ...shape], [192, 3, 8, 8]);
      } catch (error) {
        t.true(error instanceof DataError, String(error));
      }
    }
  }
});

test('rejects options that are not what they should be', async (t) => {
  const cases: [unknown, Record<string, unknown>, RegExp][] = [
    [RGB_PNG, { height: 0 }, /an integer from 1 to 16384 for height, received 0\./],
    [RGB_PNG, { width: 1.5 }, /for width, received 1\.5\./],
    [RGB_PNG, { width: 1e9 }, /for width, received 1000000000\./],
    [RGB_PNG, { channels: 2 }, /1 \(grey\) or 3 \(red, green, blue\) for channels, received 2\./],
    [RGB_PNG, { height: 10_000 }, /at most 16384 columns after resizing, received 16667 for the picture of 3 x 5/],
    [TURNED_PNG, { width: 10_000 }, /at most 16384 rows after resizing, received 16667 for the picture of 5 x 3/],
    [RGB_PNG, { fit: 'squeeze' }, /one of 'fill', 'cover', 'contain' for fit, received "squeeze"\./],
    [RGB_PNG, { size: 3 }, /only the options height, width, channels, fit, received "size"/],
    [7, {}, /the path of a picture or its bytes \(Uint8Array\), received 7\./],
    ['', {}, /the path of a picture or its bytes/],
  ];
  for (const [source, options, message] of cases) {
    await t.throwsAsync(images.read(source as string, options as ReadPictureOptions), {
      instanceOf: InvalidArgumentError,
      message,
    });
  }
});

test('without sharp the error names the remedy', async (t) => {
  const fails = (code: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { code }));
  await t.throwsAsync(loadSharp('images.read', fails('ERR_MODULE_NOT_FOUND', "Cannot find package 'sharp'")), {
    instanceOf: DataError,
    message:
      'images.read: expected the package sharp, which reads and writes pictures, received none that is installed. Install it in your project: npm install sharp.',
  });
  await t.throwsAsync(loadSharp('images.read', fails('ERR_DLOPEN_FAILED', 'wrong libc')), {
    message: /received one that fails to load: wrong libc\. Install it/,
  });
});

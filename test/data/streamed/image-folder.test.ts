import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  DataError,
  datasets,
  type ImageFolderOptions,
  InvalidArgumentError,
  layers,
  optimizers,
  sequential,
} from 'cnnative';
import sharp from 'sharp';
import { isEmulated, isWatched } from '../../helpers/child.js';
import { png } from '../../helpers/png.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';
import { tellsThreadTime, threadTime } from '../../helpers/thread-time.js';
import { trained } from '../../helpers/trained.js';

/** Flat colours: the red, green and blue of picture i. */
const colourOf = (i: number) => [10 * i, 20 + 10 * i, 250 - 10 * i] as const;
function flat(i: number, width = 6, height = 4): Buffer {
  const colour = colourOf(i);
  return png(
    width,
    height,
    3,
    Uint8Array.from({ length: 3 * width * height }, (_, k) => colour[k % 3] as number),
  );
}

async function tree(t: ExecutionContext, files: Record<string, Uint8Array>): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

test('folders are classes, sorted, with the pictures of their sub-folders', async (t) => {
  const folder = await tree(t, {
    'dog/b.png': flat(3),
    'dog/a.PNG': flat(2, 9, 9),
    'cat/deep/er/x.png': flat(1),
    'cat/a.jpg': await sharp(flat(0)).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    'cat/notes.txt': Buffer.from('no picture'),
    'dog/.hidden.png': Buffer.from('no picture'),
    'Zebra/z.webp': await sharp(flat(4)).webp({ lossless: true }).toBuffer(),
    'README.md': Buffer.from('no class'),
  });
  const set = await datasets.imageFolder(folder, { size: [2, 3] });
  t.deepEqual(set.classNames, ['Zebra', 'cat', 'dog']);
  t.deepEqual(set.labels, Int32Array.of(0, 1, 1, 2, 2));
  t.deepEqual([set.shape, set.size, set.classes, set.element], [[3, 2, 3], 5, 3, 'uint8']);
  const { images } = await set.toMemory();
  for (const [sample, number] of [4, 0, 1, 2, 3].entries()) {
    for (const [c, value] of colourOf(number).entries()) {
      const plane = images.subarray((sample * 3 + c) * 6, (sample * 3 + c + 1) * 6);
      t.true(
        plane.every((pixel) => Math.abs(pixel - value) <= 2),
        `sample ${sample}: ${plane} for ${value}`,
      );
    }
  }
});

test('pictures become grey, and are cut or framed to their size', async (t) => {
  const folder = await tree(t, { 'a/x.png': flat(5, 8, 4) });
  const read = async (options: Partial<ImageFolderOptions>) => [
    ...(await (await datasets.imageFolder(folder, { size: 4, color: 'gray', ...options })).toMemory()).images,
  ];
  const [grey = 0] = await read({});
  t.true(grey > 60 && grey < 200);
  t.deepEqual(await read({ fit: 'cover' }), new Array(16).fill(grey));
  t.deepEqual(await read({ fit: 'contain' }), [
    ...new Array(4).fill(0),
    ...new Array(8).fill(grey),
    ...new Array(4).fill(0),
  ]);
});

test('a class may be a link to a folder, a picture a link to a file; links do not lead in a circle', async (t) => {
  const folder = await tree(t, { 'real/a/1.png': flat(1), 'real/a/2.png': flat(2), 'set/b/1.png': flat(3) });
  await symlink(join(folder, 'real/a'), join(folder, 'set/a'));
  await symlink(join(folder, 'real/a/2.png'), join(folder, 'set/b/2.png'));
  await symlink(join(folder, 'set'), join(folder, 'set/b/circle'));
  await symlink(join(folder, 'nowhere'), join(folder, 'set/broken'));
  const set = await datasets.imageFolder(join(folder, 'set'), { size: 2 });
  t.deepEqual([set.classNames, set.labels], [['a', 'b'], Int32Array.of(0, 0, 1, 1)]);
  await set.toMemory();
});

test('a split has the classes of all splits', async (t) => {
  const folder = await tree(t, {
    'train/a/1.png': flat(1),
    'train/b/1.png': flat(1),
    'train/c/1.png': flat(1),
    'test/c/1.png': flat(1),
  });
  const held = await datasets.imageFolder(folder, { size: 2, split: 'test' });
  t.deepEqual([held.classNames, held.labels], [['a', 'b', 'c'], Int32Array.of(2)]);
  t.is((await datasets.imageFolder(folder, { size: 2, split: 'train' })).size, 3);
  await t.throwsAsync(datasets.imageFolder(folder, { size: 2, split: 'val' }), {
    instanceOf: DataError,
    message: /expected a sub-folder val in .*, received test, train/,
  });
});

// By itself: other tests would take time of the thread.
test.serial(
  'a folder of pictures trains like the same in memory, to the bit, and leaves the thread free',
  async (t) => {
    const files: Record<string, Uint8Array> = {};
    const noise = Uint8Array.from({ length: 3 * 96 * 96 }, (_, i) => (i * 7919) % 251);
    const jpeg = await sharp(noise, { raw: { width: 96, height: 96, channels: 3 } })
      .jpeg()
      .toBuffer();
    for (let i = 0; i < 240; i++) files[`${'abc'[i % 3]}/${i}.${i % 7 ? 'jpg' : 'png'}`] = i % 7 ? jpeg : flat(i % 20);
    const folder = await tree(t, files);
    const set = await datasets.imageFolder(folder, { size: 32, readAhead: '400kB' });
    const model = () => {
      const made = sequential({ inputShape: [3, 32, 32], seed: 1 }, [
        layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: 'relu' }),
        layers.flatten(),
        layers.dense({ units: 3, activation: 'softmax' }),
      ]);
      made.compile({ optimizer: optimizers.sgd({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });
      return made;
    };
    const options = { epochs: 2, batchSize: 16 };
    const bursts = watchThread();
    const streamed = await trained(model(), set, options);
    const taken = bursts();
    t.deepEqual(streamed, await trained(model(), await set.toMemory(), options));
    if (!taken) return;
    // Time of the processor, not of the clock: that others run on this machine is not to count.
    const p99 = taken[Math.floor(0.99 * (taken.length - 1))] as number;
    t.true(taken.length > 20);
    t.true(p99 < 10, `${p99} ms of ${taken.length}, at most ${taken.at(-1)}`);
  },
);

/** Milliseconds of processor time that this thread takes between two turns of its event loop, sorted; where the system tells. */
function watchThread(): () => number[] | undefined {
  if (!tellsThreadTime || isWatched || isEmulated) return () => undefined;
  const taken: number[] = [];
  let last = threadTime();
  const timer = setInterval(() => {
    const time = threadTime();
    taken.push(time - last);
    last = time;
  }, 2);
  return () => {
    clearInterval(timer);
    return taken.sort((a, b) => a - b);
  };
}

test('a damaged or missing picture ends the training, naming it and its sample', async (t) => {
  const whole = flat(1, 64, 64);
  const folder = await tree(t, {
    'a/1.png': whole,
    'a/2.png': whole.subarray(0, -60),
    'b/3.png': Buffer.from('no picture'),
    'b/4.png': whole,
  });
  const set = await datasets.imageFolder(folder, { size: 2 });
  const into = new Uint8Array(12);
  await set.read(Int32Array.of(0), into);
  await t.throwsAsync(set.read(Int32Array.of(1), into), {
    instanceOf: DataError,
    message: /a.2\.png \(sample 1\): images\.read: expected a whole picture, .*2\.png with this fault/,
  });
  await rm(join(folder, 'b/4.png'));
  await t.throwsAsync(set.read(Int32Array.of(3), into), { message: /4\.png \(sample 3\): .* which does not exist/ });
  const model = sequential({ inputShape: [3, 2, 2] }, [
    layers.flatten(),
    layers.dense({ units: 2, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  await t.throwsAsync(model.fit(set, { batchSize: 1 }), { instanceOf: DataError, message: /\(sample [123]\)/ });
  await t.throwsAsync(set.toMemory(), { instanceOf: DataError });
});

test('tells what is wrong with a folder or an option', async (t) => {
  const folder = await tree(t, { 'a/1.png': flat(1), 'b/notes.txt': Buffer.from('') });
  const fails = (path: string, options: Partial<ImageFolderOptions>, message: RegExp, instanceOf: typeof DataError) =>
    t.throwsAsync(datasets.imageFolder(path, { size: 2, ...options }), { instanceOf, message });
  await fails(
    folder,
    {},
    /expected pictures \(.jpg, .jpeg, .png, .webp\) in .*b, received none. Every folder/,
    DataError,
  );
  await fails(join(folder, 'a'), {}, /expected a folder for each class in .*a, received none/, DataError);
  await fails(join(folder, 'none'), {}, /expected a folder at .*none, received nothing of that name/, DataError);
  await fails(join(folder, 'a', '1.png'), {}, /received a file/, DataError);
  for (const [options, message] of [
    [{ size: 0 }, /for size/],
    [{ size: [4, 16_385] }, /an integer from 1 to 16384 or \[height, width\] for size, received \[4, 16385\]/],
    [{ color: 'grey' as 'gray' }, /'rgb', 'gray' for color/],
    [{ fit: 'crop' as 'cover' }, /for fit/],
    [{ concurrency: 0 }, /for concurrency/],
    [{ split: '' }, /for split/],
    [{ readAhead: -1 }, /for readAhead/],
  ] as const) {
    await t.throwsAsync(datasets.imageFolder(folder, { size: 2, ...options }), {
      instanceOf: InvalidArgumentError,
      message,
    });
  }
});

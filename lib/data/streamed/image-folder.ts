import { join, resolve } from 'node:path';
import { DataError } from '../../errors/index.js';
import { chooseThreads } from '../../machine/threads.js';
import { checkChoice, checkInteger, checkPair, checkText, type Pair } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { limiter } from '../../util/limiter.js';
import { loadSharp } from '../images/load-sharp.js';
import { MOST_SIDE, type ReadPictureOptions, read as readPicture } from '../images/read.js';
import { findClasses, findPictures, findSplits } from './picture-files.js';
import { checkReadAhead, type ReadAheadOptions, StreamedDataset } from './streamed-dataset.js';

const WHO = 'datasets.imageFolder';

export interface ImageFolderOptions extends ReadAheadOptions {
  /** Sides to resize every picture to, at most 16384: one number, or `[height, width]`. */
  size: Pair;
  /**
   * `'rgb'` for three channels, `'gray'` for one (luminance in linear light, not PIL's luma).
   * @default 'rgb'
   */
  color?: 'rgb' | 'gray';
  /**
   * What becomes of other proportions: `'fill'` stretches, `'cover'` cuts off what juts out on both sides, `'contain'`
   * leaves black bars.
   * @default 'fill'
   */
  fit?: NonNullable<ReadPictureOptions['fit']>;
  /**
   * The sub-folder, such as `'train'` or `'test'`, that holds the folders of the classes. Classes are those of all sub-folders
   * together, so that labels mean the same in each.
   * @default none: the folders of the classes lie in the folder itself
   */
  split?: string;
  /**
   * Pictures decoded at once, beside the training.
   * @default half of the threads that `info()` tells, at least 1
   */
  concurrency?: number;
}

/**
 * A set of pictures: a folder for each class, with JPEG, PNG and WebP files in it, in sub-folders too. Classes are the folders'
 * names in the order of their code units, samples are in the order of their paths. Pictures are decoded when they are needed, as
 * `images.read` does it, by the package sharp (`npm install sharp`).
 *
 * ```ts
 * const train = await datasets.imageFolder('flowers', { split: 'train', size: 64 });
 * const test = await datasets.imageFolder('flowers', { split: 'test', size: 64 });
 * await model.fit(train, { epochs: 10, validationData: test });
 * ```
 *
 * A set that fits in memory trains faster there from the second epoch on: `await train.toMemory()`.
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when there is no such folder, no class or no picture in it, or sharp is not installed; while samples are read,
 *   when a picture is damaged or gone, naming it
 */
export async function imageFolder(folder: string, options: ImageFolderOptions): Promise<StreamedDataset> {
  checkOptions(WHO, options, ['size', 'color', 'fit', 'split', 'concurrency', 'readAhead']);
  const { color = 'rgb', fit = 'fill', split, concurrency } = options;
  // Where it is now, wherever the process will be when pictures are read.
  const root = resolve(checkText(WHO, 'folder', folder));
  const [height, width] = checkPair(WHO, 'size', options.size, 1, MOST_SIDE);
  const channels = checkChoice(WHO, 'color', color, ['rgb', 'gray']) === 'rgb' ? 3 : 1;
  checkChoice(WHO, 'fit', fit, ['fill', 'cover', 'contain']);
  const most =
    concurrency === undefined
      ? Math.max(1, Math.floor(chooseThreads().threads / 2))
      : checkInteger(WHO, 'concurrency', concurrency, 1);
  const readAhead = checkReadAhead(WHO, options.readAhead);
  // Missing, it is missed before a training begins.
  await loadSharp(WHO);
  const places = split === undefined ? [root] : await findSplits(root, checkText(WHO, 'split', split));
  const classNames = await findClasses(places);
  const { paths, labels } = await findPictures(
    split === undefined ? root : join(root, split),
    classNames,
    split !== undefined,
  );
  const features = channels * height * width;
  const limit = limiter(most);
  return new StreamedDataset({
    shape: [channels, height, width],
    classes: { labels, classes: classNames.length, classNames },
    element: 'uint8',
    readAhead,
    read: async (indices, into, signal) => {
      await Promise.all(
        Array.from(indices, (index, i) =>
          limit(async () => {
            signal.throwIfAborted();
            const path = paths[index] as string;
            const { data } = await readPicture(path, { height, width, channels, fit }).catch((error: unknown) => {
              throw new DataError(`${WHO}: ${path} (sample ${index}): ${(error as Error).message}`, { cause: error });
            });
            into.set(data, i * features);
          }),
        ),
      );
    },
  });
}

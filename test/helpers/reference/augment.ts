import type { AugmentationConfig } from 'cnnative';
import { philox4x32 } from '#lib/util/philox.js';

/** Augmentation by its definition: plain loops, pixel by pixel. */

type Image = { readonly values: Float64Array; readonly shape: readonly [number, number, number] };
type Numbers = ArrayLike<number>;

export interface Drawing {
  readonly seed: number;
  readonly epoch: number;
  /** Number of the sample in its set. */
  readonly key: number;
}

export interface AugmentCase {
  /** All samples. */
  readonly images: Numbers;
  readonly shape: readonly [number, number, number];
  readonly augment: readonly AugmentationConfig[];
  /** Pixels of `Uint8Array` sets stay within 0..255. */
  readonly bytes: boolean;
  readonly mean?: number;
}

const USE = 32;

/** The words of a step, eight of them. */
function words({ seed, epoch, key }: Drawing, place: number, block = 0): number[] {
  const draw = (b: number) => philox4x32([key, b, epoch, USE + 256 * place], [seed, 0]);
  return [...draw(block), ...draw(block + 1)];
}

const unit = (word = 0) => (word >>> 8) / 2 ** 24;
const below = (n: number, word = 0) => Math.floor((word * n) / 2 ** 32);
const between = (least: number, most: number, word = 0) => least + (most - least) * unit(word);
const range = (value: unknown): [number, number] =>
  typeof value === 'number' ? [value, value] : (value as [number, number]);

/** Where an image is read at a whole position, beyond its edges too. */
function pixel(
  image: Image,
  c: number,
  y: number,
  x: number,
  { mode = 'zero', value = 0 }: AugmentationConfig,
  mean: number,
) {
  const [, height, width] = image.shape;
  const inside = (i: number, n: number): number => {
    if (i >= 0 && i < n) return i;
    if (mode === 'edge' || n === 1) return i < 0 ? 0 : n - 1;
    return inside(i < 0 ? -i : 2 * (n - 1) - i, n);
  };
  if (mode !== 'edge' && mode !== 'reflect' && (y < 0 || y >= height || x < 0 || x >= width)) {
    if (mode === 'mean') return mean;
    return mode === 'zero' ? 0 : typeof value === 'number' ? value : ((value as number[])[c] as number);
  }
  return image.values[(c * height + inside(y, height)) * width + inside(x, width)] as number;
}

function each(image: Image, of: (c: number, y: number, x: number) => number): Image {
  const [channels, height, width] = image.shape;
  const values = new Float64Array(channels * height * width);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) values[(c * height + y) * width + x] = of(c, y, x);
    }
  }
  return { values, shape: image.shape };
}

const at = (image: Image, c: number, y: number, x: number) =>
  image.values[(c * image.shape[1] + y) * image.shape[2] + x] as number;

const MAPS = ['rotation', 'shift', 'scale'];

/** Steps first..last of the list, but those that mix. */
function steps(input: Image, test: AugmentCase, drawing: Drawing, first: number, last: number, block: number): Image {
  let image = input;
  const { augment, bytes, mean = 0 } = test;
  const [, height, width] = image.shape;
  const clip = (value: number) => (bytes ? Math.min(255, Math.max(0, value)) : value);
  for (let place = first; place < last; place++) {
    const step = augment[place] as AugmentationConfig;
    const turns = step.mode === 'alternating';
    const drawn = words(turns ? { ...drawing, epoch: 0 } : drawing, place, block);
    const { probability = 1 } = step as { probability?: number };
    const taken = unit(drawn[0]) < (turns ? 0.5 : probability);
    const from = image;
    if (step.type === 'horizontalFlip' || step.type === 'verticalFlip') {
      if (taken === (turns && drawing.epoch % 2 === 1)) continue;
      image =
        step.type === 'horizontalFlip'
          ? each(from, (c, y, x) => at(from, c, y, width - 1 - x))
          : each(from, (c, y, x) => at(from, c, height - 1 - y, x));
      continue;
    }
    if (MAPS.includes(step.type)) {
      let end = place + 1;
      while (end < last && joins(augment[end] as AugmentationConfig, step)) end++;
      image = resample(from, test, drawing, place, end, block);
      place = end - 1;
      continue;
    }
    if (!taken) continue;
    const factor = () => between(...range(step.factor), drawn[1]);
    if (step.type === 'randomCrop') {
      const [high, wide] = range(step.padding);
      const down = below(2 * high + 1, drawn[1]) - high;
      const right = below(2 * wide + 1, drawn[2]) - wide;
      image = each(from, (c, y, x) => pixel(from, c, y + down, x + right, step, mean));
    } else if (step.type === 'brightness') {
      const f = factor();
      image = each(from, (c, y, x) => clip(f * at(from, c, y, x)));
    } else if (step.type === 'contrast') {
      const f = factor();
      const m = from.values.reduce((sum, value) => sum + value, 0) / from.values.length;
      image = each(from, (c, y, x) => clip(m + f * (at(from, c, y, x) - m)));
    } else if (step.type === 'saturation') {
      const f = factor();
      image = each(from, (c, y, x) => {
        const grey = 0.299 * at(from, 0, y, x) + 0.587 * at(from, 1, y, x) + 0.114 * at(from, 2, y, x);
        return clip(grey + f * (at(from, c, y, x) - grey));
      });
    } else if (step.type === 'cutout' || step.type === 'randomErasing') {
      const [least, most] = range(step.size);
      const size = (word = 0) => least + below(most - least + 1, word);
      const cutout = step.type === 'cutout';
      const [high, wide] = [size(drawn[1]), size(drawn[cutout ? 1 : 2])];
      const half = Math.floor(high / 2);
      const top = cutout ? below(height, drawn[2]) - half : below(height - high + 1, drawn[3]);
      const left = cutout ? below(width, drawn[3]) - half : below(width - wide + 1, drawn[4]);
      const erased = (y: number, x: number) => y >= top && y < top + high && x >= left && x < left + wide;
      // Beyond the edges there is nothing but what is filled in.
      image = each(from, (c, y, x) => (erased(y, x) ? pixel(from, c, -1, -1, step, mean) : at(from, c, y, x)));
    }
  }
  return image;
}

function joins(step: AugmentationConfig, { mode = 'zero', value }: AugmentationConfig): boolean {
  return MAPS.includes(step.type) && (step.mode ?? 'zero') === mode && String(step.value) === String(value);
}

/** Each output pixel from the place it came from: the steps undone, last first. */
function resample(from: Image, test: AugmentCase, drawing: Drawing, first: number, last: number, block: number): Image {
  const { augment, mean = 0 } = test;
  const [, height, width] = from.shape;
  const undo: ((p: [number, number]) => [number, number])[] = [];
  for (let place = first; place < last; place++) {
    const step = augment[place] as AugmentationConfig;
    const drawn = words(drawing, place, block);
    if (unit(drawn[0]) >= ((step.probability as number | undefined) ?? 1)) continue;
    if (step.type === 'rotation') {
      const [least, most] = typeof step.degrees === 'number' ? [-step.degrees, step.degrees] : range(step.degrees);
      const angle = (between(least, most, drawn[1]) / 180) * Math.PI;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      undo.unshift(([y, x]) => [x * sin + y * cos, x * cos - y * sin]);
    } else if (step.type === 'scale') {
      const factor = between(...range(step.factor), drawn[1]);
      undo.unshift(([y, x]) => [y / factor, x / factor]);
    } else {
      const [high, wide] = range(step.pixels ?? step.fraction);
      const [dy, dx] = step.pixels === undefined ? [high * height, wide * width] : [high, wide];
      const [down, right] = [between(-dy, dy, drawn[1]), between(-dx, dx, drawn[2])];
      undo.unshift(([y, x]) => [y - down, x - right]);
    }
  }
  if (undo.length === 0) return from;
  return each(from, (c, row, column) => {
    let place: [number, number] = [row - (height - 1) / 2, column - (width - 1) / 2];
    for (const back of undo) place = back(place);
    const [y, x] = [place[0] + (height - 1) / 2, place[1] + (width - 1) / 2];
    const [top, left] = [Math.floor(y), Math.floor(x)];
    let sum = 0;
    for (const [dy, dx] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      const weight = (1 - Math.abs(y - top - dy)) * (1 - Math.abs(x - left - dx));
      sum += weight * pixel(from, c, top + dy, left + dx, augment[first] as AugmentationConfig, mean);
    }
    return sum;
  });
}

/** Whom a sample is mixed with, and its share. */
export function partnerOf(test: AugmentCase, drawing: Drawing, samples: number) {
  const place = test.augment.findIndex(({ type }) => type === 'mixup' || type === 'cutmix');
  const step = test.augment[place];
  const own = { place, partner: drawing.key, share: 1, box: [0, 0, 0, 0] };
  if (!step) return own;
  const drawn = words(drawing, place);
  if (unit(drawn[0]) >= ((step.probability as number | undefined) ?? 1)) return own;
  const alpha = (step.alpha as number | undefined) ?? (step.type === 'mixup' ? 0.2 : 1);
  const [u, turn] = [unit(drawn[2]) + 2 ** -25, unit(drawn[3]) + 2 ** -25];
  const sign = (drawn[4] as number) >= 2 ** 31 ? 1 : -1;
  const cosine = Math.cos(2 * Math.PI * turn);
  const share = 0.5 + (0.5 * sign) / Math.sqrt(1 + 1 / (Math.expm1(-Math.log(u) / alpha) * cosine * cosine));
  const partner = below(samples, drawn[1]);
  if (step.type === 'mixup') return { place, partner, share, box: own.box };
  const [, height, width] = test.shape;
  const half = (n: number) => Math.floor(Math.floor(n * Math.sqrt(1 - share)) / 2);
  const [y, x] = [below(height, drawn[5]), below(width, drawn[6])];
  const box = [
    Math.max(0, y - half(height)),
    Math.min(height, y + half(height)),
    Math.max(0, x - half(width)),
    Math.min(width, x + half(width)),
  ] as const;
  const area = (box[1] - box[0]) * (box[3] - box[2]);
  return { place, partner, share: 1 - area / (height * width), box };
}

/** The raw pixels of an augmented sample. */
export function augmentedSample(test: AugmentCase, drawing: Drawing): Float64Array {
  const { images, shape, augment } = test;
  const features = shape[0] * shape[1] * shape[2];
  const load = (sample: number): Image => ({
    values: Float64Array.from({ length: features }, (_, i) => images[sample * features + i] as number),
    shape,
  });
  const own = load(drawing.key);
  const { place, partner, share, box } = partnerOf(test, drawing, images.length / features);
  if (place < 0) return steps(own, test, drawing, 0, augment.length, 0).values;
  let image = steps(own, test, drawing, 0, place, 0);
  if (share < 1) {
    const mine = image;
    const other = steps(load(partner), test, drawing, 0, place, 16);
    const [top = 0, bottom = 0, left = 0, right = 0] = box;
    image = each(mine, (c, y, x) => {
      if (augment[place]?.type === 'mixup') return share * at(mine, c, y, x) + (1 - share) * at(other, c, y, x);
      return y >= top && y < bottom && x >= left && x < right ? at(other, c, y, x) : at(mine, c, y, x);
    });
  }
  return steps(image, test, drawing, place + 1, augment.length, 0).values;
}

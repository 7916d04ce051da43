import { type CatalogName, type Dataset, type DatasetSplit, datasets, images } from '../../data/index.js';
import { filesOfSet, type SetFile } from '../../data/set-files.js';
import { DataError } from '../../errors/index.js';
import { formatBytes } from '../../util/bytes.js';
import { formatShape } from '../../util/shape.js';
import { UsageError } from '../errors.js';
import { count } from '../format.js';
import { loadData } from '../load-data.js';
import { columns, table } from '../table.js';
import type { DataOptions } from './command.js';

const PREVIEW = { rows: 5, columns: 10 };
const CHECKSUMS = { published: 'as published', other: 'NOT as published', unknown: 'no checksum published' };

/** `cnnative data` without a name. */
export function runDataList({ json, data, preview }: DataOptions): void {
  if (data !== undefined || preview !== undefined) {
    throw new UsageError(
      `${data !== undefined ? '--data' : '--preview'}: expected the name of a data set beside it, received none.`,
    );
  }
  const sets = Object.entries(datasets.catalog);
  if (json) {
    const list = sets.map(([name, { title, shape, classNames, train, test }]) => {
      return { name, title, shape, classes: classNames.length, train, test };
    });
    process.stdout.write(`${JSON.stringify(list)}\n`);
    return;
  }
  const rows = sets.map(([name, { title, shape, classNames, train, test }]) => {
    return [name, title, formatShape(shape), `${classNames.length}`, count(train), count(test)];
  });
  process.stdout.write(columns(['name', 'what it is', 'shape', 'classes', 'train', 'test'], rows, 3));
}

/** `cnnative data NAME`. */
export async function runData(name: CatalogName, options: DataOptions, signal: AbortSignal): Promise<void> {
  const { data, preview, json } = options;
  const split = await loadData({ dataset: name, ...(data !== undefined && { data }) }, signal);
  if (preview !== undefined) await images.writeGrid(preview, split.train, gridOf(split.train));
  const files = await filesOfSet(name, data);
  signal.throwIfAborted();
  process.stdout.write(json ? `${JSON.stringify(describe(name, split, files))}\n` : text(name, split, files));
  const other = files.find(({ checksum }) => checksum === 'other');
  if (!other) return;
  throw new DataError(
    `${other.path}: expected the published file of ${name}, received ${other.fault}. If you did not change it, delete it and ` +
      'fetch it again.',
  );
}

function gridOf({ size }: Dataset) {
  const across = Math.min(PREVIEW.columns, size);
  return { rows: Math.min(PREVIEW.rows, Math.floor(size / across)), columns: across, labels: true, seed: 1 };
}

function describe(name: CatalogName, { train, test }: DatasetSplit, files: readonly SetFile[]) {
  const { title } = datasets.catalog[name];
  const { shape, classes, classNames, mean, std } = train;
  const part = (of: Dataset) => ({ images: of.size, classCounts: classCounts(of) });
  return { name, title, shape, classes, classNames, mean, std, train: part(train), test: part(test), files };
}

function text(name: CatalogName, split: DatasetSplit, files: readonly SetFile[]): string {
  const { train, test, title, shape, classNames = [], mean = [], std = [] } = describe(name, split, files);
  const decimals = (values: readonly number[]) => values.map((value) => value.toFixed(4)).join(', ');
  const head = table([
    [name, title],
    ['shape', formatShape(shape)],
    ['images', `${count(train.images)} to train, ${count(test.images)} to test with`],
    ['mean', decimals(mean)],
    ['deviation', `${decimals(std)} (of pixels scaled to 0..1)`],
  ]);
  const rows = classNames.map((label, i) => [`${i}`, label, `${train.classCounts[i]}`, `${test.classCounts[i]}`]);
  const classes = columns(['class', 'name', 'train', 'test'], rows, 2);
  if (files.length === 0) return `${head}\n${classes}`;
  const lines = files.map(({ path, bytes, checksum }) => [path, CHECKSUMS[checksum], formatBytes(bytes)]);
  return `${head}\n${classes}\n${columns(['file', 'checksum', 'size'], lines, 2)}`;
}

function classCounts({ labels, classes }: Dataset): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}

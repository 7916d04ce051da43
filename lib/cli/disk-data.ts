// Data of configurations that stays on disk: pictures in folders, files of numbers.
import type { PartConfig } from '../config/config.js';
import { datasets, type FromFilesOptions, type ImageFolderOptions, type StreamedDataset } from '../data/index.js';
import { DataError, InvalidArgumentError, ShapeError } from '../errors/index.js';

type Part = 'train' | 'test';
type FolderConfig = ImageFolderOptions & { readonly dir: string } & Readonly<Partial<Record<Part, string>>>;
type Files = Pick<FromFilesOptions, 'images'> & { readonly labels: string };
type FilesConfig = Omit<FromFilesOptions, 'images' | 'labels'> & Readonly<Record<Part, Files>>;

/** Whether data of a type stays on disk. */
export function isOnDisk(type: string): boolean {
  return type === 'imageFolder' || type === 'files';
}

/**
 * A part of such data.
 *
 * @param classes of files, unless the configuration tells or names them
 */
export async function diskData(
  { type, ...options }: PartConfig,
  part: Part,
  classes?: number,
): Promise<StreamedDataset> {
  if (type === 'imageFolder') {
    const { dir, train = 'train', test = 'test', ...rest } = options as unknown as FolderConfig;
    return datasets.imageFolder(dir, { ...rest, split: { train, test }[part] });
  }
  const { train, test, ...rest } = options as unknown as FilesConfig;
  const known = classes === undefined || rest.classNames !== undefined ? {} : { classes };
  return datasets.fromFiles({ ...known, ...rest, ...{ train, test }[part] });
}

/** Where an imageFolder's pictures of a part, or the samples in files, are. */
export function placeOf({ type, ...options }: PartConfig): string {
  if (type === 'imageFolder') return (options as unknown as FolderConfig).dir;
  return (options as unknown as FilesConfig).test.images;
}

/**
 * Says in errors where the data was named.
 *
 * @param who who says where the files are
 * @param whole who says all else of the data
 */
export async function namingData<T>(who: string, whole: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${who}: ${error.message}`, { cause: error });
    for (const Kind of [InvalidArgumentError, ShapeError]) {
      if (error instanceof Kind) throw new Kind(`${whole}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

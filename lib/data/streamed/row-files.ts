import { DataError } from '../../errors/index.js';
import { native } from '../../native.js';
import type { ReadSamples } from './streamed-dataset.js';

/** A file of samples at equal distances. */
export interface RowFile {
  readonly path: string;
  readonly rows: number;
  /** Where the first begins. */
  readonly start: number;
  /** Bytes from one to the next. */
  readonly stride: number;
  readonly rowBytes: number;
  /** Whether floats are in the other byte order than this machine's. */
  readonly swapped: boolean;
}

/** Reads samples of files, the samples of which are counted through. */
export function rowReader(files: readonly RowFile[]): ReadSamples {
  const [only, ...others] = files;
  if (only && others.length === 0) return (indices, into) => readRows(only, 0, indices, into);
  const firsts: number[] = [];
  files.reduce((first, { rows }) => {
    firsts.push(first);
    return first + rows;
  }, 0);
  return async (indices, into) => {
    const width = into.length / indices.length;
    await Promise.all(
      files.map(async (file, f) => {
        const first = firsts[f] as number;
        const own = (index: number) => index >= first && index < first + file.rows;
        const wanted = indices.filter(own);
        if (wanted.length === 0) return;
        const Kind = into.constructor as new (length: number) => typeof into;
        const rows = new Kind(wanted.length * width);
        await readRows(file, first, wanted, rows);
        let next = 0;
        for (const [i, index] of indices.entries()) {
          if (own(index)) into.set(rows.subarray(next * width, ++next * width), i * width);
        }
      }),
    );
  };
}

/** @param first index of the file's first sample */
export async function readRows(
  file: RowFile,
  first: number,
  indices: Int32Array,
  into: Uint8Array | Float32Array,
): Promise<void> {
  const { path, start, stride, rowBytes, swapped } = file;
  const positions = Float64Array.from(indices, (index) => start + (index - first) * stride);
  const fault = await native.readRows({ path, rowBytes, swapped }, positions, into);
  if (fault === null) return;
  const { row, reason } = fault;
  if (row < 0) throw new DataError(`${path}: expected a readable file, received: ${reason}.`);
  throw new DataError(
    `${path}: expected ${rowBytes} bytes of sample ${indices[row]} at byte ${positions[row]}, received ${reason}. ` +
      'The file was changed or is damaged.',
  );
}

import { type DatasetSplit, type DownloadProgress, datasets } from '../data/index.js';
import { DataError } from '../errors/index.js';
import { UsageError } from './errors.js';
import { megabytes } from './format.js';
import { unlessStopped } from './interruption.js';
import type { DatasetName } from './names.js';
import { isTerminal } from './terminal.js';

/** The options that name a data set. */
export interface DataArguments {
  readonly dataset: DatasetName;
  readonly data?: string;
  /** The set's other options. */
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * Who says where the files are.
   * @default '--data'
   */
  readonly who?: string;
}

/** Loads the set that a command or its configuration names; a terminal shows the progress of a download. */
export async function loadData(named: DataArguments, signal: AbortSignal): Promise<DatasetSplit> {
  const { dataset, data, options = {}, who = '--data' } = named;
  if (dataset === 'digits') {
    if (data !== undefined)
      throw new UsageError(`${who}: expected no folder for digits, which is drawn. Leave it out.`);
    return unlessStopped(signal, datasets.digits(options));
  }
  const { onProgress, end } = await downloadDisplay(process.stdout);
  try {
    // Not left half-way: a download that is stopped takes its file away first.
    return await datasets.load(dataset, { ...options, signal, onProgress, ...(data !== undefined && { dir: data }) });
  } catch (error) {
    // What the library calls `dir` has another name here.
    if (data === undefined || !(error instanceof DataError)) throw error;
    throw new DataError(`${who}: ${error.message}`, { cause: error });
  } finally {
    end();
    signal.throwIfAborted();
  }
}

async function downloadDisplay(stream: NodeJS.WriteStream) {
  if (!isTerminal(stream)) return { onProgress: undefined, end: () => undefined };
  const { LiveBar } = await import('./live-bar.js');
  const bar = new LiveBar(stream);
  const onProgress = ({ file, receivedBytes, totalBytes }: DownloadProgress) => {
    const label = `Downloading ${file}`;
    bar.show({ value: receivedBytes, total: totalBytes ?? receivedBytes, label, text: megabytes(receivedBytes) });
  };
  return { onProgress, end: () => bar.clear() };
}

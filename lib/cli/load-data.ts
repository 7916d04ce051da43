import type { PartConfig } from '../config/config.js';
import { type DatasetSplit, type DownloadProgress, datasets } from '../data/index.js';
import { MissingSetError } from '../data/missing-set-error.js';
import { DataError } from '../errors/index.js';
import { orAborted } from '../util/or-aborted.js';
import { UsageError } from './errors.js';
import { megabytes } from './format.js';
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
    return orAborted(datasets.digits(options), signal);
  }
  const { onProgress, end } = await downloadDisplay(process.stdout);
  try {
    // Not left half-way: a download that is stopped takes its file away first.
    return await datasets.load(dataset, { ...options, signal, onProgress, ...(data !== undefined && { dir: data }) });
  } catch (error) {
    throw calledBy(who, data !== undefined, error);
  } finally {
    end();
    signal.throwIfAborted();
  }
}

/** Loads the set that a configuration names, with its options. */
export function loadNamed({ type, ...options }: PartConfig, who: string, signal: AbortSignal): Promise<DatasetSplit> {
  const { dir, ...others } = options as { readonly dir?: string };
  const dataset = type as DatasetName;
  return loadData({ dataset, options: others, who, ...(dir !== undefined && { data: dir }) }, signal);
}

/** What the library calls `dir` has another name here. */
function calledBy(who: string, given: boolean, error: unknown): unknown {
  if (!(error instanceof DataError)) return error;
  const isMissing = error instanceof MissingSetError;
  const message = isMissing ? error.calling({ dir: who, digits: 'The set digits' }) : error.message;
  return new DataError(given ? `${who}: ${message}` : message, { cause: error });
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

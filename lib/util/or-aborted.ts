import { onAbort } from './on-abort.js';

/** Waits for what may never come: the signal's reason is thrown as soon as it is aborted. */
export async function orAborted<T>(awaited: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return awaited;
  let endWaiting: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else endWaiting = onAbort(signal, abort);
  });
  try {
    return await Promise.race([aborted, awaited]);
  } finally {
    endWaiting?.();
  }
}

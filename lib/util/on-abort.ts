/** What to do when a signal is aborted. */
interface Waiting {
  readonly acts: Set<() => void>;
  readonly all: () => void;
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `act` when the signal is aborted, unless the result is called before. All that wait for a signal share one listener: of more than
 * ten Node warns as of a leak.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const { acts, all } = waiting.get(signal) ?? listening(signal);
  acts.add(act);
  return () => {
    acts.delete(act);
    if (acts.size > 0 || waiting.get(signal)?.acts !== acts) return;
    signal.removeEventListener('abort', all);
    waiting.delete(signal);
  };
}

function listening(signal: AbortSignal): Waiting {
  const acts = new Set<() => void>();
  const all = () => {
    waiting.delete(signal);
    for (const act of acts) act();
  };
  const added = { acts, all };
  waiting.set(signal, added);
  signal.addEventListener('abort', all, { once: true });
  return added;
}

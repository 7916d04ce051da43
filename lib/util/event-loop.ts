/** When the first work since the last turn of the event loop began, and what resolves at the next turn. */
let since: { readonly begun: number; readonly turn: Promise<void> } | undefined;

/**
 * For work done on the thread of the event loop: the next turn of the loop, to be awaited, if work began so many milliseconds ago and
 * the loop has not turned since. Callers that await nothing but such work would otherwise let no timer fire, and no native
 * memory be released, for as long as they go on.
 */
export function overdueTurn(milliseconds: number): Promise<void> | undefined {
  if (!since) {
    const turn = new Promise<void>((resolve) => {
      setImmediate(() => {
        since = undefined;
        resolve();
      });
    });
    since = { begun: performance.now(), turn };
  }
  return performance.now() - since.begun < milliseconds ? undefined : since.turn;
}

/** The known name that a misspelt one is most like, if any is close: at most two letters off, or a third of them. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  if (!best || best.distance > Math.max(2, Math.floor(best.candidate.length / 3))) return undefined;
  return best.distance < best.candidate.length ? best.candidate : undefined;
}

/** Letters to insert, leave out or replace (Levenshtein). */
function distance(a: string, b: string): number {
  // Names are short; a text of any length may be given.
  if (Math.abs(a.length - b.length) > 40) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
  }
  return row[b.length] as number;
}

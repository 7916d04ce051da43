// What was run of each folder, as Markdown and as text, of files with whether each of their lines was run.
import { dirname } from 'node:path';
import { table } from '../bench/report.mjs';

/** Part of the lines that were run. */
export function share(files) {
  const { lines, run } = totals([...files.values()]);
  return run / lines;
}

/** A row for each folder below the first level: `lib/data/pickle` counts as `lib/data`. */
export function byFolder(files) {
  const folders = new Map();
  for (const [file, lines] of files) {
    const folder = `${dirname(file).split('/').slice(0, 2).join('/')}/`;
    folders.set(folder, [...(folders.get(folder) ?? []), lines]);
  }
  const rows = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, all]) => row(`\`${folder}\``, all));
  return table(['folder', 'lines of code', 'run', '%'], [...rows, row('all', [...files.values()])]);
}

/** The lines that were not run: a line of text for each file, those with most of them first. */
export function notRun(files) {
  return [...files]
    .map(([file, lines]) => ({ file, missed: [...lines].filter(([, run]) => !run).map(([line]) => line) }))
    .filter(({ missed }) => missed.length > 0)
    .sort((a, b) => b.missed.length - a.missed.length)
    .map(({ file, missed }) => `${file}: ${missed.sort((a, b) => a - b).join(' ')}\n`)
    .join('');
}

function row(name, all) {
  const { lines, run } = totals(all);
  return [name, `${lines}`, `${run}`, ((100 * run) / lines).toFixed(1)];
}

function totals(all) {
  const lines = all.flatMap((one) => [...one.values()]);
  return { lines: lines.length, run: lines.filter(Boolean).length };
}

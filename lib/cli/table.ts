import Table from 'cli-table3';

/** Without lines, so that it can be copied into text. */
const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table of names and values, a line each. */
export function table(rows: readonly (readonly [string, string])[]): string {
  return columns([], rows);
}

/** A table with a head above its columns; `left` of them hold text, the others numbers. */
export function columns(head: string[], rows: readonly (readonly string[])[], left = head.length): string {
  const lines = new Table({
    head,
    chars: NO_LINES,
    colAligns: head.map((_, column) => (column < left ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  lines.push(...rows.map((cells) => [...cells]));
  return `${lines.toString().replace(/ +$/gm, '')}\n`;
}

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
  const lines = new Table({ chars: NO_LINES, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 } });
  lines.push(...rows.map(([name, value]) => [name, value]));
  return `${lines.toString().replace(/ +$/gm, '')}\n`;
}

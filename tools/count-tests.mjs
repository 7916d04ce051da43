// Reads the output of ava (a file named as argument) and prints `N passed, N failed`.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const log = stripVTControlCharacters(readFileSync(process.argv[2], 'utf8'));
const count = (what) => {
  const line = new RegExp(`^\\s*(\\d+) tests? ${what}$`, 'm').exec(log);
  return line ? Number(line[1]) : undefined;
};
const failed = count('failed');
// With failures ava's closing lines leave the passed ones out: count their lines.
const passed = count('passed') ?? (failed && log.match(/^ {2}✔ /gm)?.length);

// No closing line at all: the run crashed or never began, which must not read as a success.
if (passed === undefined && failed === undefined) console.log('0 passed, 1 failed');
else console.log(`${passed ?? 0} passed, ${failed ?? 0} failed`);

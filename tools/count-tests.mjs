// Reads the output of ava (a file named as argument) and prints `N passed, N failed`.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const log = stripVTControlCharacters(readFileSync(process.argv[2], 'utf8'));
const count = (what) => {
  const line = new RegExp(`^\\s*(\\d+) ${what}$`, 'm').exec(log);
  return line ? Number(line[1]) : undefined;
};
// What ava counts beside failed tests: errors outside tests, files that ended or never did.
const crashed = (count('uncaught exceptions?') ?? 0) + (count('unhandled rejections?') ?? 0);
const left = /exited with a non-zero exit code|Timed out while running tests|remained? pending/.test(log) ? 1 : 0;
const failed = (count('tests? failed') ?? 0) + crashed + left || undefined;
// With failures ava's closing lines leave the passed ones out: count their lines.
const passed = count('tests? passed') ?? (failed && log.match(/^ {2}✔ /gm)?.length);

// No closing line at all: the run crashed or never began, which must not read as a success.
if (passed === undefined && failed === undefined) console.log('0 passed, 1 failed');
else console.log(`${passed ?? 0} passed, ${failed ?? 0} failed`);

// Prints which versions of the C and C++ library each Linux binary needs, and fails when one needs newer ones than
// `--GLIBC 2.28 --GLIBCXX 3.4.25` say. Looks at the files named, or at all in prebuilds/.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { floorOf, isAbove } from './elf-floor.mjs';
import { fail, root } from './run.mjs';

const PREBUILDS = join(root, 'prebuilds');

const { values: limits, positionals } = parseArgs({
  options: { GLIBC: { type: 'string' }, GLIBCXX: { type: 'string' } },
  allowPositionals: true,
});
for (const [family, version] of Object.entries(limits)) {
  if (!/^\d+(\.\d+)*$/.test(version))
    fail(`--${family}: expected a version such as 2.28, received ${version || 'none'}.`);
}
const files = positionals.length > 0 ? positionals : prebuilt();
if (files.length === 0) fail('check-floors: no Linux binary in prebuilds/; run "npm run prebuild:all" first.');

let tooNew = 0;
for (const file of files) {
  const floor = floorOf(file);
  const above = Object.keys(limits).filter((family) => floor[family] && isAbove(floor[family], limits[family]));
  const words = Object.entries(floor).map(([family, version]) => `${family} ${version}`);
  const verdict = above.map((family) => `: ${family} above ${limits[family]}`);
  console.log(`${relative(root, file)}: ${words.join(', ') || 'no symbol versions'}${verdict.join('')}`);
  tooNew += above.length;
}
if (tooNew > 0) fail('check-floors: build in an image with an older C library: docs/packaging.md.');

function prebuilt() {
  const entries = existsSync(PREBUILDS) ? readdirSync(PREBUILDS, { recursive: true }) : [];
  return entries
    .filter((entry) => entry.startsWith('linux') && /\.node$|\.so\.\d+$/.test(entry))
    .map((entry) => join(PREBUILDS, entry));
}

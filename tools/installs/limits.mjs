// What an installation may be: few dependencies, no install script but ours, small.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderBytes } from '../folder-bytes.mjs';
import { fail } from '../run.mjs';

const MOST_DEPENDENCIES = 8;
const MOST_MEGABYTES = 25;

/** Ends the tool unless what npm installed into a folder keeps to the limits. */
export function checkInstalled(folder) {
  const modules = join(folder, 'node_modules');
  const { dependencies } = readJson(join(modules, 'cnnative', 'package.json'));
  const direct = Object.keys(dependencies);
  if (direct.length > MOST_DEPENDENCIES) {
    fail(`expected at most ${MOST_DEPENDENCIES} runtime dependencies, found ${direct.length}: ${direct.join(', ')}.`);
  }

  // npm notes here which packages have install scripts, those without a word in `scripts` but with a binding.gyp included.
  const { packages } = readJson(join(modules, '.package-lock.json'));
  const installed = Object.keys(packages).map((path) => path.slice('node_modules/'.length));
  if (!installed.includes('cnnative'))
    fail(`expected cnnative in ${folder}, found ${installed.join(', ') || 'nothing'}.`);
  const scripted = installed.filter((name) => packages[`node_modules/${name}`].hasInstallScript && name !== 'cnnative');
  if (scripted.length > 0) fail(`expected no dependency with an install script, found ${scripted.join(', ')}.`);

  const megabytes = folderBytes(modules) / 1e6;
  if (!(megabytes <= MOST_MEGABYTES)) {
    fail(`expected an installation of at most ${MOST_MEGABYTES} MB, found ${megabytes.toFixed(1)} MB.`);
  }
  const others = installed.length - 1;
  console.log(`${direct.length} dependencies, ${others} packages with theirs, ${megabytes.toFixed(1)} MB in all`);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

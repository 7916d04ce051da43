// npm run reference: writes docs/api from the doc comments. `-- --check` writes nothing, and fails unless docs/api is as it would be written.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root, run, runNode, temporaryFolder } from './run.mjs';

const reference = join(root, 'docs', 'api');
const tool = join(root, 'tools', 'reference');

installTypeDoc();
const args = process.argv.slice(2);
if (args.length === 0) generate(reference);
else if (args.length === 1 && args[0] === '--check') check();
else fail(`reference: expected --check or nothing, received ${args.join(' ')}.`);

/** With the versions of its own lockfile, unless they are there. */
function installTypeDoc() {
  const { packages: locked } = JSON.parse(readFileSync(join(tool, 'package-lock.json'), 'utf8'));
  const noted = join(tool, 'node_modules', '.package-lock.json');
  const { packages: there = {} } = existsSync(noted) ? JSON.parse(readFileSync(noted, 'utf8')) : {};
  const isThere = ([path, { version }]) => path === '' || there[path]?.version === version;
  if (!Object.entries(locked).every(isThere)) run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: tool });
}

function generate(folder) {
  runNode(join(tool, 'generate.mjs'), [folder]);
}

function check() {
  const folder = temporaryFolder('reference');
  generate(folder);
  const [written, expected] = [read(reference), read(folder)];
  const names = [...new Set([...written.keys(), ...expected.keys()])];
  const stale = names.filter((name) => written.get(name) !== expected.get(name));
  if (stale.length > 0) fail(`docs/api is not what lib/ says (${stale.join(', ')}): write it with npm run reference.`);
  console.log(`docs/api is up to date: ${names.length} pages`);
}

function read(folder) {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

// npm run package: builds lib/ and packs the package as it is published, with whatever prebuilds/ holds, into this folder or the one
// named: `npm run package -- --out /tmp`. Prints the path of the tarball.
import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { output, root, runNode, temporaryFolder } from './run.mjs';
import { stagePackage } from './stage-package.mjs';

/** Builds lib/ and packs it with such binaries as are in a folder, prebuilds/ unless told otherwise; the path of the tarball. */
export function buildAndPack(folder, prebuilds) {
  runNode(join(root, 'tools', 'build.mjs'), ['lib']);
  return pack(folder, prebuilds);
}

/** Packs what is built; the path of the tarball. */
export async function pack(folder, prebuilds) {
  const stage = temporaryFolder('stage');
  await stagePackage(stage, prebuilds);
  // An older tarball may be there too: npm tells which is this one.
  const shell = process.platform === 'win32';
  const [{ filename }] = JSON.parse(
    output('npm', ['pack', '--json', '--pack-destination', folder], { cwd: stage, shell }),
  );
  return join(folder, filename);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: root } } });
  console.log(await buildAndPack(resolve(values.out)));
}

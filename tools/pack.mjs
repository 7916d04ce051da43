// The package as npm would publish it, for the tools that install it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAndPack } from './package.mjs';
import { root, run, runNode, temporaryFolder } from './run.mjs';

/** Packs it with a prebuilt binary of this platform into a folder, and gives the path of the tarball. */
export async function packWithBinary(folder) {
  // Not into prebuilds/: binaries of other platforms may be there.
  const out = temporaryFolder('prebuilds');
  runNode(join(root, 'tools', 'prebuildify.mjs'), ['--out', out]);
  const tarball = await buildAndPack(folder, join(out, 'prebuilds'));
  runNode(join(root, 'tools', 'check-package.mjs'), [tarball]);
  // prebuildify takes the binary out of build/; linking it again costs a second.
  runNode(join(root, 'tools', 'build.mjs'), ['native']);
  return tarball;
}

/** An empty folder with a package.json of its own, so that nothing of the checkout is found from it. */
export function emptyProject(parent, name, fields = { type: 'module' }) {
  const folder = join(parent, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, ...fields }));
  return folder;
}

/** Installs with npm, without install scripts. */
export function npmInstall(folder, ...packages) {
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages], {
    cwd: folder,
  });
}

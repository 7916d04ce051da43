// npm run package: builds lib/ and packs the package as it is published, with whatever prebuilds/ holds, into this folder or the one
// named: `npm run package -- --out /tmp`. Prints the path of the tarball.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, root, run, runNode } from './run.mjs';
import { stagePackage } from './stage-package.mjs';

/** Builds lib/ and packs it with such binaries as are in prebuilds/; the path of the tarball. */
export function buildAndPack(folder) {
  runNode(join(root, 'tools', 'build.mjs'), ['lib']);
  return pack(folder);
}

/** Packs what is built; the path of the tarball. */
export async function pack(folder) {
  const stage = mkdtempSync(join(tmpdir(), 'cnnative-stage-'));
  try {
    await stagePackage(stage);
    const shell = process.platform === 'win32';
    run('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: stage,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell,
    });
  } finally {
    rmSync(stage, { recursive: true });
  }
  const tarball = readdirSync(folder).find((name) => /^cnnative-.*\.tgz$/.test(name));
  return join(folder, tarball ?? fail('npm pack made no tarball'));
}

if (process.argv[1] === join(root, 'tools', 'package.mjs')) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: root } } });
  console.log(await buildAndPack(resolve(values.out)));
}

// node tools/build.mjs native lib test: builds the named parts, in the order given.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildNative } from './build-native.mjs';
import { bin, fail, root, runNode } from './run.mjs';

const parts = {
  native: buildNative,
  lib: () => compileTypeScript('tsconfig.json', 'lib', 'dist'),
  test: () => compileTypeScript('test/tsconfig.json', 'test', '.test-build'),
};

for (const name of process.argv.slice(2)) {
  const build = parts[name] ?? fail(`${name}: expected one of ${Object.keys(parts).join(', ')}`);
  build();
}

function compileTypeScript(project, sourceFolder, outputFolder) {
  runNode(bin('typescript', 'bin/tsc'), ['-p', project]);
  removeOrphans(join(root, sourceFolder), join(root, outputFolder));
}

/** Removes output whose source is gone: a deleted test must not run, a deleted module must not be shipped. */
function removeOrphans(sourceFolder, outputFolder) {
  for (const entry of readdirSync(outputFolder, { recursive: true })) {
    const source = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(entry);
    if (source && !existsSync(join(sourceFolder, `${source[1]}.ts`))) rmSync(join(outputFolder, entry));
  }
}

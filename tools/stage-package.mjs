// Lays the package out as it is published: the files that package.json names, with the modules of dist/ bundled into a few, and of their
// declarations those that users' programs can reach. A process that loads 400 small files spends a fifth of a second in Node's loader
// before its first prediction, and npm takes a second to unpack 700.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { root } from './run.mjs';

/** What npm packs whatever `files` says. */
const ALWAYS = ['package.json', 'README.md', 'LICENSE'];

/** What users start: the library and its command line, which share their modules. */
const ENTRIES = ['index.js', 'cli/main.js'];

/** Makes the package in an empty folder, from what the checkout has built and from binaries. Folders that are missing are left out. */
export async function stagePackage(folder, prebuilds = join(root, 'prebuilds')) {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of [...ALWAYS, ...files]) {
    const source = name === 'prebuilds' ? prebuilds : join(root, name);
    // What a link leads to, not the link: what is copied is changed below.
    if (existsSync(source)) cpSync(source, join(folder, name), { recursive: true, dereference: true });
  }
  const dist = join(folder, 'dist');
  await bundle(dist);
  keepDeclarations(dist);
}

/** Puts bundles in the place of the modules of a folder. */
async function bundle(dist) {
  const { outputFiles } = await build({
    entryPoints: ENTRIES.map((name) => join(dist, name)),
    outbase: dist,
    outdir: dist,
    write: false,
    bundle: true,
    // What is imported when it is needed stays a file of its own.
    splitting: true,
    chunkNames: 'chunks/[hash]',
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.12',
    // Checkpoints and messages name classes.
    keepNames: true,
    logLevel: 'warning',
  });
  for (const entry of readdirSync(dist, { recursive: true })) {
    if (/\.(js|map)$/.test(entry)) rmSync(join(dist, entry));
  }
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents, { mode: relative(dist, path) === join('cli', 'main.js') ? 0o755 : 0o644 });
  }
}

/** Removes declarations that index.d.ts does not lead to, and what says where the others come from: sources are not in the package. */
function keepDeclarations(dist) {
  const reached = new Set();
  const follow = (path) => {
    if (reached.has(path)) return;
    reached.add(path);
    const text = readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, '');
    writeFileSync(path, text);
    for (const [, module] of text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)\.js['"]/g)) {
      follow(join(dirname(path), `${module}.d.ts`));
    }
  };
  follow(join(dist, 'index.d.ts'));
  for (const entry of readdirSync(dist, { recursive: true })) {
    const path = join(dist, entry);
    if (entry.endsWith('.d.ts') && !reached.has(path)) rmSync(path);
  }
}

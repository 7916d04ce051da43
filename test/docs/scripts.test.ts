import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { nodeOfMachine } from '../helpers/child.js';
import { packageRoot } from '../helpers/cli.js';
import { blocksOf, documents } from './blocks.js';

/** A script of a document, and what it prints. */
interface Script {
  readonly text: string;
  readonly expected: string;
}

/** All scripts of a document in a language, each of which has its output below it. */
function scriptsOf(t: ExecutionContext, path: string, language: 'js' | 'ts'): Script[] {
  const blocks = blocksOf(path);
  const scripts = blocks.flatMap(({ language: own, text }, i) => {
    const after = blocks[i + 1];
    return own === language && after?.language === 'text' ? [{ text, expected: after.text }] : [];
  });
  t.is(scripts.length, blocks.filter((block) => block.language === language).length);
  return scripts;
}

/** A folder inside the package, so that scripts find it by its name; gone when the test ends. */
async function makeFolder(t: ExecutionContext, path: string): Promise<string> {
  const folder = join(packageRoot, '.test-build', `scripts of ${path.replaceAll('/', '-')}`);
  await mkdir(folder, { recursive: true });
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

function checkOutput(t: ExecutionContext, args: readonly string[], expected: string, node = process.execPath): void {
  const { stdout, stderr, status } = spawnSync(node, args, { encoding: 'utf8' });
  t.is(stderr, '');
  t.is(stdout, expected);
  t.is(status, 0);
}

for (const path of documents().filter((path) => blocksOf(path).some(({ language }) => language === 'js'))) {
  test(`scripts of ${path} print what it says`, async (t) => {
    const folder = await makeFolder(t, path);
    for (const [i, { text, expected }] of scriptsOf(t, path, 'js').entries()) {
      const path = join(folder, `${i}.mjs`);
      await writeFile(path, text);
      checkOutput(t, [path], expected);
    }
  });
}

for (const name of ['layers', 'data']) {
  test(`scripts of docs/${name}.md compile, and print what it says`, async (t) => {
    await checkScripts(t, `docs/${name}.md`, await makeFolder(t, `docs/${name}.md`));
  });
}

async function checkScripts(t: ExecutionContext, path: string, folder: string): Promise<void> {
  const scripts = scriptsOf(t, path, 'ts');
  for (const [i, { text }] of scripts.entries()) await writeFile(join(folder, `${i}.ts`), text);
  const options = { rootDir: '.', outDir: 'out', declaration: false, declarationMap: false, sourceMap: false };
  const project = { extends: join(packageRoot, 'tsconfig.json'), compilerOptions: options, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  checkOutput(t, [join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], '', nodeOfMachine);
  for (const [i, { expected }] of scripts.entries()) checkOutput(t, [join(folder, 'out', `${i}.js`)], expected);
}

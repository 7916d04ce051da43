import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as cnnative from 'cnnative';
import { packageRoot } from '../helpers/cli.js';
import { type Block, blocksOf, documents, sources } from './blocks.js';

/** What snippets take for granted: names of the package, and what a reader has at hand. */
const AT_HAND = {
  bias: 'number[]',
  data: "import('cnnative').Dataset",
  dy: 'number[][][][]',
  fetchPixels: '(index: number) => Promise<Uint8Array>',
  folder: 'string',
  kernel: 'number[][][][]',
  labels: 'Int32Array',
  loss: "import('cnnative').LossName",
  set: "import('cnnative').Dataset",
  source: '() => AsyncIterable<{ pixels: Uint8Array; digits: Uint8Array }>',
  train: "import('cnnative').Dataset",
  validationData: "import('cnnative').Dataset",
  writeFile: "typeof import('node:fs/promises').writeFile",
  x: 'number[][][][]',
  // Of the one snippet about the inside of the library.
  ProgramRun: "typeof import('#lib/program/program-run.js').ProgramRun",
  inputs: "import('#lib/native.js').RunInputs",
  program: "import('#lib/program/compile.js').CompiledProgram",
  report: '(progress: unknown) => void',
  signal: 'AbortSignal | undefined',
};

function context(): string {
  const exported = Object.keys(cnnative).map((name) => [name, `typeof import('cnnative').${name}`]);
  // A function of the package, and in most snippets a model that was made before.
  const both = ['model', "typeof import('cnnative').model & import('cnnative').Model"];
  const names = Object.entries(Object.fromEntries([...exported, both, ...Object.entries(AT_HAND)]));
  const types = "type CheckpointOptions = import('cnnative').CheckpointOptions;\n";
  return types + names.map(([name, type]) => `declare const ${name}: ${type};\n`).join('');
}

/** Compiles blocks, each as a module of its own, and gives what the compiler says. */
async function compile(t: ExecutionContext, blocks: readonly Block[]): Promise<string> {
  const folder = join(packageRoot, '.test-build', 'snippets');
  await mkdir(folder, { recursive: true });
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [i, { text }] of blocks.entries()) await writeFile(join(folder, `${i}.mts`), `${text}\nexport {};\n`);
  await writeFile(join(folder, 'context.d.ts'), context());
  const project = {
    extends: join(packageRoot, 'tsconfig.json'),
    compilerOptions: { rootDir: '.', noEmit: true, noUnusedLocals: false },
    include: ['*'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  const compiler = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  return stdout.replaceAll(/^\S*?(\d+)\.mts/gm, (_, i) => blocks[Number(i)]?.place ?? '');
}

test('snippets in TypeScript of documents and doc comments compile', async (t) => {
  const blocks = [...documents(), ...sources()].flatMap(blocksOf).filter(({ language }) => language === 'ts');
  t.true(blocks.length > 10);
  t.is(await compile(t, blocks), '');
});

test('every fenced block says what it is, in a language that a test looks at', (t) => {
  // Text is what scripts print; TypeScript is compiled (here), JavaScript run (scripts.test.ts), shell parsed (commands.test.ts), Python
  // compared with a script of tools/fixtures (weights.test.ts).
  const known = ['js', 'ts', 'json', 'sh', 'text', 'dockerfile', 'python'];
  for (const { place, language } of [...documents(), ...sources()].flatMap(blocksOf)) {
    t.true(known.includes(language), `${place}: expected one of ${known.join(', ')}, received ${language || 'none'}`);
  }
});

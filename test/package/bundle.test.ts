import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import * as cnnative from 'cnnative';
import { packageRoot } from '../helpers/cli.js';

// The package as published, inside the checkout: its dependencies are found above it.
const folder = join(packageRoot, '.test-build', 'published');
const entry = pathToFileURL(join(folder, 'dist', 'index.js')).href;

/** Prints the address of every module that is loaded, among other things. */
const HOOK = `import { writeSync } from 'node:fs';
export async function resolve(name, context, next) {
  const found = await next(name, context);
  writeSync(1, 'loads ' + found.url + '\\n');
  return found;
}`;

const PREDICT = `const { layers, sequential } = cnnative;
const model = sequential({ inputShape: [1, 8, 8], seed: 7 }, [
  layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }), layers.flatten(), layers.dense({ units: 3, activation: 'softmax' })]);
const image = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
const { data } = await model.predict(image);
console.log(JSON.stringify(Array.from(data)));`;

test.before(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tool = pathToFileURL(join(packageRoot, 'tools', 'stage-package.mjs')).href;
  node(`const { stagePackage } = await import('${tool}'); await stagePackage(${JSON.stringify(folder)});`);
  rmSync(join(folder, 'prebuilds'), { recursive: true, force: true });
  symlinkSync(join(packageRoot, 'build'), join(folder, 'build'));
});

test.after.always(() => rmSync(folder, { recursive: true, force: true }));

function node(script: string, args: readonly string[] = []): string {
  return execFileSync(process.execPath, [...args, '--input-type=module', '--eval', script], { encoding: 'utf8' });
}

test('the published package has the names of its modules', (t) => {
  const names = node(`console.log(JSON.stringify(Object.keys(await import('${entry}'))))`);
  t.deepEqual(JSON.parse(names).sort(), Object.keys(cnnative).sort());
});

test('the published package predicts what its modules predict', (t) => {
  const bundled = node(`const cnnative = await import('${entry}'); ${PREDICT}`);
  const modules = node(`const cnnative = await import('cnnative'); ${PREDICT}`);
  t.is(JSON.parse(bundled).length, 3);
  t.is(bundled, modules);
});

test('a prediction loads few files, and no package that it has no use for', (t) => {
  const hook = `data:text/javascript,${encodeURIComponent(HOOK)}`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(hook)});`;
  const script = `const cnnative = await import('${entry}'); ${PREDICT}
    const { createRequire } = await import('node:module');
    for (const path of Object.keys(createRequire('/').cache)) console.log('loads file://' + path);`;
  const printed = node(script, ['--import', `data:text/javascript,${encodeURIComponent(register)}`]);
  const loaded = new Set([...printed.matchAll(/^loads (file:.*)$/gm)].map(([, url = '']) => url));
  t.true(loaded.has(entry));
  t.true(loaded.size < 60, `${loaded.size} files`);
  for (const name of ['cli-progress', 'cli-table3', 'commander', 'sharp', 'tar', 'yauzl']) {
    t.deepEqual(
      [...loaded].filter((url) => url.includes(`/node_modules/${name}/`)),
      [],
    );
  }
});

test('the command line and the library of the published package share their classes', (t) => {
  const main = join(folder, 'dist', 'cli', 'main.js');
  const info = execFileSync(process.execPath, [main, 'info', '--json'], { encoding: 'utf8' });
  t.is(JSON.parse(info).version, cnnative.info().version);
  const recipes = execFileSync(process.execPath, [main, 'recipes', '--json'], { encoding: 'utf8' });
  t.deepEqual(JSON.parse(recipes), JSON.parse(JSON.stringify(cnnative.recipes.list())));
});

test('errors of the published package keep the names of their classes', (t) => {
  const script = `const { InvalidArgumentError, layers } = await import('${entry}');
    try { layers.dense({ units: 0 }); } catch (error) { console.log(error.constructor.name, error instanceof InvalidArgumentError); }`;
  t.is(node(script), 'InvalidArgumentError true\n');
});

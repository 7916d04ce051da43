import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { loadModel } from 'cnnative';
import { packageRoot } from '../helpers/cli.js';
import { blocksOf } from './blocks.js';

const DOCUMENT = 'docs/weights.md';
const fixtures = join(packageRoot, 'test', 'fixtures', 'imported');

function onlyBlock(language: string): string {
  const [first, ...others] = blocksOf(DOCUMENT).filter((block) => block.language === language);
  if (!first || others.length > 0) throw new Error(`expected one block of ${language} in ${DOCUMENT}`);
  return first.text;
}

// The suite runs without Python: it reads what this script wrote.
test('the Python of docs/weights.md is that of the script that wrote the fixture', async (t) => {
  const script = await readFile(join(packageRoot, 'tools', 'fixtures', 'pytorch_weights.py'), 'utf8');
  t.is(/# docs\/weights\.md:\n(.*?)# :docs\/weights\.md\n/s.exec(script)?.[1], onlyBlock('python'));
});

test('weights of PyTorch, imported as docs/weights.md says, predict what they do there', async (t) => {
  // Inside the package, so that the script finds it by its name.
  const folder = join(packageRoot, '.test-build', 'imported weights');
  await mkdir(folder, { recursive: true });
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'network.mjs'), onlyBlock('ts'));
  const { stderr, status } = spawnSync(process.execPath, ['network.mjs'], { cwd: folder, encoding: 'utf8' });
  t.is(stderr, '');
  t.is(status, 0);

  await copyFile(join(fixtures, 'weights.safetensors'), join(folder, 'imported', 'weights.safetensors'));
  const { pixels, probabilities } = JSON.parse(await readFile(join(fixtures, 'predictions.json'), 'utf8'));
  const { data } = await (await loadModel(join(folder, 'imported'))).predict(Uint8Array.from(pixels));
  t.is(data.length, probabilities.length);
  const worst = Math.max(...data.map((value, i) => Math.abs(value - probabilities[i])));
  t.true(worst < 1e-5, `${worst}`);
});

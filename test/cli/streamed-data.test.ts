import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { cli, jsonLines } from '../helpers/cli.js';
import { idxBytes } from '../helpers/idx-file.js';
import { png } from '../helpers/png.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const LAYERS = [{ type: 'flatten' }, { type: 'dense', units: 2, activation: 'softmax' }];
const done = (stdout: string) => jsonLines(stdout).find(({ event }) => event === 'done');

/** 20 dark and 20 bright samples of 4 x 4, of which the dark ones come first. */
function samples(labels: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: 16 * labels.length }, (_, i) => 200 * (labels[i >> 4] ?? 0) + (i % 7));
}

test('a configuration trains on folders of pictures, relative to its own', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [split, count] of [
    ['train', 20],
    ['val', 5],
  ] as const) {
    for (const [label, name] of ['dark', 'bright'].entries()) {
      await mkdir(join(folder, 'pictures', split, name), { recursive: true });
      for (let i = 0; i < count; i++) {
        const pixels = samples([label]).subarray(0, 16);
        await writeFile(join(folder, 'pictures', split, name, `${i}.png`), png(4, 4, 1, pixels));
      }
    }
  }
  const config = join(folder, 'config.json');
  const data = { type: 'imageFolder', dir: 'pictures', size: 4, color: 'gray', test: 'val' };
  const rest = { model: { layers: LAYERS }, training: { epochs: 20, batchSize: 8 }, out: 'run' };
  await writeFile(config, JSON.stringify({ data, ...rest }));
  const { code, stdout, stderr } = await cli(['train', config, '--json']);
  t.is(stderr, '');
  t.is(code, 0);
  t.is(done(stdout)?.testAccuracy, 1);

  const picture = join(folder, 'pictures', 'val', 'dark', '0.png');
  const predicted = await cli(['predict', join(folder, 'run'), picture, '--json']);
  t.is((jsonLines(predicted.stdout)[0] as { predictions: { class: string }[] }).predictions[0]?.class, 'dark');

  await writeFile(config, JSON.stringify({ data: { ...data, test: 'tset' }, ...rest, out: 'other' }));
  const wrong = await cli(['train', config]);
  t.is(wrong.code, 1);
  t.regex(wrong.stderr, /data: datasets\.imageFolder: expected a sub-folder tset in .*pictures, received train, val\./);
});

test('a configuration trains on files of numbers, relative to its own', async (t) => {
  const folder = await temporaryFolder(t);
  const labels = Array.from({ length: 40 }, (_, i) => i % 2);
  await writeFile(join(folder, 'train-images'), idxBytes([40, 4, 4], samples(labels)));
  await writeFile(join(folder, 'train-labels'), idxBytes([40], labels));
  // Without the larger class.
  await writeFile(join(folder, 'test-images'), idxBytes([3, 4, 4], samples([0, 0, 0])));
  await writeFile(join(folder, 'test-labels'), idxBytes([3], [0, 0, 0]));
  await writeFile(join(folder, 'small-images'), idxBytes([3, 2, 2], new Uint8Array(12)));
  const config = join(folder, 'config.json');
  const data = {
    type: 'files',
    train: { images: 'train-images', labels: 'train-labels' },
    test: { images: 'test-images', labels: 'test-labels' },
  };
  const rest = { model: { layers: LAYERS }, training: { epochs: 20, batchSize: 8 } };
  await writeFile(config, JSON.stringify({ data, ...rest }));
  const { code, stdout, stderr } = await cli(['train', config, '--json']);
  t.is(stderr, '');
  t.is(code, 0);
  t.is(done(stdout)?.testAccuracy, 1);

  const refused = await cli(['train', config, '--data', folder]);
  t.is(refused.code, 2);
  t.regex(refused.stderr, /--data: expected no folder for data of the type files/);

  const small = { ...data, test: { images: 'small-images', labels: 'test-labels' } };
  await writeFile(config, JSON.stringify({ data: small, ...rest }));
  const wrong = await cli(['train', config]);
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /data: expected test samples of the shape \[1, 4, 4\].*received \[1, 2, 2\]/);
});

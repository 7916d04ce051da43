import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import sharp from 'sharp';
import { tarOf } from '../helpers/archives.js';
import { binary100, FINE } from '../helpers/cifar100-fixtures.js';
import { cli, jsonLines } from '../helpers/cli.js';
import { smallMnist } from '../helpers/small-mnist.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

test('lists the sets', async (t) => {
  const { code, stdout } = await cli(['data']);
  t.is(code, 0);
  t.regex(stdout, /^cifar100 +CIFAR-100, .* +\[3, 32, 32\] +100 +50,000 +10,000$/m);
  const { stdout: json } = await cli(['data', '--json']);
  const [list] = jsonLines(json) as unknown as [{ name: string }[]];
  t.deepEqual(
    list.map(({ name }) => name),
    ['digits', 'mnist', 'fashion-mnist', 'cifar10', 'cifar100'],
  );
  const { code: usage, stderr } = await cli(['data', '--preview', 'x.png']);
  t.is(usage, 2);
  t.regex(stderr, /--preview: expected the name of a data set/);
});

test('describes a set and draws samples of it', async (t) => {
  const folder = await temporaryFolder(t);
  const preview = join(folder, 'samples.png');
  const { code, stdout, stderr } = await cli(['data', 'digits', '--preview', preview, '--json']);
  t.deepEqual([code, stderr], [0, '']);
  const [{ train, test: held, mean, files, classes }] = jsonLines(stdout) as [Record<string, unknown>];
  const counts = (images: number) => ({ images, classCounts: new Array(10).fill(images / 10) });
  t.deepEqual([train, held, mean, files, classes], [counts(12_000), counts(2_000), [0.1173], [], 10]);
  const { width = 0, height = 0 } = await sharp(await readFile(preview)).metadata();
  t.true(width >= 640 && height >= 320 && width > height, `${width} x ${height}`);
  const { stdout: text } = await cli(['data', 'digits']);
  t.regex(text, /^images +12,000 to train, 2,000 to test with$/m);
  t.regex(text, /^7 +7 +1200 +200$/m);
});

test('says which files are not the published ones', async (t) => {
  const dir = await smallMnist(t);
  const { code, stdout, stderr } = await cli(['data', 'mnist', '--data', dir, '--json']);
  t.is(code, 1);
  const [{ files }] = jsonLines(stdout) as unknown as [{ files: { path: string; bytes: number; checksum: string }[] }];
  t.deepEqual(files.map(({ path, bytes, checksum }) => [path, bytes, checksum])[0], [
    join(dir, 'train-images-idx3-ubyte'),
    200 * 784 + 16,
    'other',
  ]);
  t.regex(
    stderr,
    /train-images-idx3-ubyte: expected the published file of mnist, received a file of 156816 bytes unpacked/,
  );
});

test('reads an archive as it is', async (t) => {
  const path = join(await temporaryFolder(t), 'cifar-100-binary.tar.gz');
  await writeFile(path, gzipSync(tarOf(binary100())));
  const { code, stdout, stderr } = await cli(['data', 'cifar100', '--data', path]);
  t.is(code, 1);
  t.regex(stderr, /wrong checksum \(MD5 [0-9a-f]+, expected 03b5dce01913d631647c71ecec9e9cb8\)/);
  t.regex(stdout, new RegExp(`^19 +${FINE[19]} +1 +0$`, 'm'));
  t.regex(stdout, /cifar-100-binary\.tar\.gz +NOT as published/);
});

test('refuses a set that is missing or unknown', async (t) => {
  const missing = await cli(['data', 'cifar10', '--data', await temporaryFolder(t)]);
  t.is(missing.code, 1);
  t.regex(missing.stderr, /^cnnative: --data: datasets\.cifar10: expected a folder with the files of CIFAR-10/);
  t.regex(missing.stderr, / for --data, received [^\n]* as --data, or put it into/);
  const file = await cli(['data', 'mnist', '--data', process.execPath]);
  t.is(file.code, 1);
  t.regex(
    file.stderr,
    /^cnnative: --data: [^\n]* for --data, received [^\n]*, which is not a folder\. [^\n]* or give their folder as --data\. The set digits needs/,
  );
  t.notRegex(file.stderr, /\bdir\b/);
  const unknown = await cli(['data', 'cats']);
  t.is(unknown.code, 2);
  t.regex(unknown.stderr, /choices are digits, mnist, fashion-mnist, cifar10, cifar100/);
});

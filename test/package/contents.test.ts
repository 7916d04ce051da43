import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { packageRoot } from '../helpers/cli.js';

interface File {
  readonly path: string;
  readonly size: number;
}

const tool = pathToFileURL(join(packageRoot, 'tools', 'package-contents.mjs')).href;
const { contentFaults, PLATFORMS } = (await import(tool)) as {
  contentFaults: (files: readonly File[], packed: number, platforms?: readonly string[]) => string[];
  PLATFORMS: Readonly<Record<string, readonly string[]>>;
};

const PATHS = [
  'package.json README.md LICENSE CHANGELOG.md binding.gyp CMakeLists.txt',
  'dist/index.js dist/index.d.ts dist/cli/main.js dist/chunks/24G37A5X.js',
  'dist/data/archive/tar.d.ts cpp/addon.cpp cpp/sources.json cpp/kernels/conv/README.md',
  'schema/config.schema.json recipes/measured.json recipes/mnist-99.6.json',
  'licenses/GPL-3.0.txt licenses/GCC-RUNTIME-LIBRARY-EXCEPTION-3.1.txt licenses/README.md',
  'prebuilds/linux-x64/cnnative.glibc.node prebuilds/linux-x64/glibc/libgomp.so.1',
].flatMap((line) => line.split(' '));

const files = (paths: readonly string[] = PATHS): File[] => paths.map((path) => ({ path, size: 1000 }));

test('a package with what belongs there passes', (t) => {
  t.deepEqual(contentFaults(files(), 1e6), []);
  t.deepEqual(contentFaults(files(), 1e6, ['linux-x64-glibc']), []);
});

test('what nobody meant to publish is named', (t) => {
  const strays = [
    '.env',
    '.npmrc',
    'dist/model/model.js',
    'dist/index.js.bak',
    'dist/secret.pem',
    'dist/index.js.map',
    'lib/index.ts',
    'test/a.test.ts',
    'cpp/kernels/conv.o',
    'prebuilds/linux-x64/core.1234',
    'prebuilds/freebsd-x64/cnnative.node',
    'recipes/notes.txt',
    'node_modules/tar/index.js',
    'dist/../../x.d.ts',
  ];
  t.deepEqual(
    contentFaults(files([...PATHS, ...strays]), 1e6),
    strays.map((path) => `${path}: not allowed`),
  );
});

test('what is missing is named', (t) => {
  for (const path of ['package.json', 'dist/index.js', 'dist/index.d.ts', 'binding.gyp', 'licenses/GPL-3.0.txt']) {
    t.deepEqual(contentFaults(files(PATHS.filter((other) => other !== path)), 1e6), [`${path}: missing`]);
  }
  const none = PATHS.filter((path) => !path.startsWith('prebuilds/'));
  t.deepEqual(contentFaults(files(none), 1e6), ['prebuilds/: expected the binary of a platform, received none']);
});

test('a release misses the binaries of its platforms', (t) => {
  const faults = contentFaults(files(), 1e6, Object.keys(PLATFORMS));
  t.is(faults.length, Object.values(PLATFORMS).flat().length - 2);
  t.true(faults.includes('prebuilds/linux-arm64/cnnative.musl.node: missing'));
});

test('a binary without its OpenMP runtime is no package', (t) => {
  const runtime = 'prebuilds/linux-x64/glibc/libgomp.so.1';
  const without = files(PATHS.filter((path) => path !== runtime));
  t.deepEqual(contentFaults(without, 1e6), [`${runtime}: missing`]);
  t.deepEqual(contentFaults(without, 1e6, ['linux-x64-glibc']), [`${runtime}: missing`]);
});

test('what is too large is named', (t) => {
  const large = [...files(), { path: 'prebuilds/darwin-x64/cnnative.node', size: 2_500_001 }];
  t.deepEqual(contentFaults(large, 1e6), [
    'prebuilds/darwin-x64/cnnative.node: expected at most 2500000 bytes, received 2500001',
  ]);
  const packed = 'the package, packed: expected at most 6000000 bytes, received 6000001';
  t.deepEqual(contentFaults(files(), 6_000_001), [packed]);
  const whole = contentFaults([...files(), { path: 'dist/large.d.ts', size: 20e6 }], 1e6);
  t.is(whole.length, 1);
  t.regex(whole[0] ?? '', /^the package, unpacked: expected at most 20000000 bytes/);
});

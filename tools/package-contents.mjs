// What the published package may hold and must hold. A file that no pattern knows is one that nobody meant to publish.

/** Platforms that the release has binaries for, and the files of each in prebuilds/: the OpenMP runtime, where it is one, beside the binary. */
export const PLATFORMS = {
  'linux-x64-glibc': ['linux-x64/cnnative.glibc.node', 'linux-x64/glibc/libgomp.so.1'],
  'linux-arm64-glibc': ['linux-arm64/cnnative.glibc.node', 'linux-arm64/glibc/libgomp.so.1'],
  'linux-x64-musl': ['linux-x64/cnnative.musl.node', 'linux-x64/musl/libgomp.so.1'],
  'linux-arm64-musl': ['linux-arm64/cnnative.musl.node', 'linux-arm64/musl/libgomp.so.1'],
  'darwin-arm64': ['darwin-arm64/cnnative.node'],
  'darwin-x64': ['darwin-x64/cnnative.node'],
  'win32-x64': ['win32-x64/cnnative.node', 'win32-x64/libomp.dll'],
};

const ALLOWED = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|binding\.gyp|CMakeLists\.txt)$/,
  // Bundles and declarations.
  /^dist\/(index|cli\/main|chunks\/[\w-]+)\.js$/,
  /^dist\/([\w-]+\/)*[\w-]+\.d\.ts$/,
  /^cpp\/([\w-]+\/)*[\w-]+\.(cpp|h)$/,
  /^cpp\/(sources\.json|([\w-]+\/)+README\.md)$/,
  /^cmake\/[\w-]+\.cmake$/,
  /^schema\/config\.schema\.json$/,
  /^recipes\/[\w.-]+\.json$/,
  /^licenses\/([\w.-]+\.txt|README\.md)$/,
];

/** Without them the package would not load, install from source or be lawful. */
const REQUIRED = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'binding.gyp',
  'CMakeLists.txt',
  'dist/index.js',
  'dist/index.d.ts',
  'dist/cli/main.js',
  'cpp/addon.cpp',
  'cpp/sources.json',
  'schema/config.schema.json',
  'recipes/measured.json',
  'licenses/GPL-3.0.txt',
  'licenses/GCC-RUNTIME-LIBRARY-EXCEPTION-3.1.txt',
];

/** Largest sizes, in bytes. */
const LIMITS = { packed: 6e6, unpacked: 20e6, binary: 2.5e6 };

/**
 * What is wrong with a package, a line each; nothing when all is well.
 *
 * @param files path (from the package's top folder) and size of each
 * @param packed bytes of the tarball
 * @param platforms those that must have a binary; without any, one of whatever platform must be there
 */
export function contentFaults(files, packed, platforms = []) {
  const paths = new Set(files.map(({ path }) => path));
  const prebuilt = Object.keys(PLATFORMS).flatMap(filesOf);
  const binaries = files.filter(({ path }) => path.endsWith('.node'));
  // Of a platform that nobody asked for, all is there or nothing.
  const complete = Object.keys(PLATFORMS).filter((name) => platforms.includes(name) || paths.has(filesOf(name)[0]));
  const wanted = [...REQUIRED, ...complete.flatMap(filesOf)];
  const unpacked = files.reduce((sum, { size }) => sum + size, 0);
  return [
    ...files
      .filter(({ path }) => !ALLOWED.some((pattern) => pattern.test(path)) && !prebuilt.includes(path))
      .map(({ path }) => `${path}: not allowed`),
    ...wanted.filter((path) => !paths.has(path)).map((path) => `${path}: missing`),
    ...(binaries.length === 0 ? ['prebuilds/: expected the binary of a platform, received none'] : []),
    ...tooLarge('the package, packed', packed, LIMITS.packed),
    ...tooLarge('the package, unpacked', unpacked, LIMITS.unpacked),
    ...binaries.flatMap(({ path, size }) => tooLarge(path, size, LIMITS.binary)),
  ];
}

function filesOf(platform) {
  return PLATFORMS[platform].map((path) => `prebuilds/${path}`);
}

function tooLarge(what, bytes, limit) {
  return bytes > limit ? [`${what}: expected at most ${limit} bytes, received ${bytes}`] : [];
}

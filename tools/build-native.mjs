// Builds the addon into build/Release/cnnative.node, or does nothing when no source is newer than the last build.
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bin, exists, fail, root, runNode } from './run.mjs';

const buildFolder = join(root, 'build');
const addon = join(buildFolder, 'Release', 'cnnative.node');
// Its time is when the last good build began, so an edit made during a build is seen by the next one.
const stamp = join(buildFolder, 'built-at');

export function buildNative() {
  if (isUpToDate()) return;
  const started = new Date();
  const compiler = process.env.CXX ? [process.env.CXX.split(' ')[0]] : ['c++', 'g++', 'clang++'];
  if (!compiler.some(exists)) {
    fail(`No C++ compiler found (tried ${compiler.join(', ')}). Install one: on Debian, apt-get install g++ cmake.`);
  }
  if (exists('cmake')) {
    console.log('Building the native addon with cmake.');
    compileWithCmake();
  } else {
    console.log('cmake not found: building the native addon with node-gyp (every change rebuilds everything).');
    runNode(bin('node-gyp', 'bin/node-gyp.js'), ['rebuild', `--jobs=${availableParallelism()}`]);
  }
  writeFileSync(stamp, '');
  utimesSync(stamp, started, started);
}

/** Configures and builds with cmake-js; `args` such as `-O <folder>`, `--arch arm64` or `--CDSANITIZE=address`. */
export function compileWithCmake(args = []) {
  // cmake-js and node-gyp share build/, and each mistakes the other's files for its own.
  if (existsSync(join(buildFolder, 'config.gypi'))) rmSync(buildFolder, { recursive: true });
  const env = { ...process.env, CMAKE_BUILD_PARALLEL_LEVEL: String(availableParallelism()) };
  // The kernels are beyond Microsoft's own compiler.
  const toolset = process.platform === 'win32' ? ['--toolset', 'ClangCL'] : [];
  runNode(bin('cmake-js', 'bin/cmake-js'), ['compile', '--log-level', 'warn', ...toolset, ...args], { env });
}

function isUpToDate() {
  if (!existsSync(addon) || !existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return ['cpp', 'cmake', 'CMakeLists.txt', 'binding.gyp'].every((path) => newestChange(path) < built);
}

/** Of a file, or of a folder with all that is in it. */
function newestChange(name) {
  const path = join(root, name);
  const entries = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }) : [];
  return Math.max(...['.', ...entries].map((entry) => statSync(join(path, entry)).mtimeMs));
}

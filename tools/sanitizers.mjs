// The sanitizers the addon is built with: what each needs of the system, how it is compiled, and the environment Node loads it in.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compileWithCmake } from './build-native.mjs';
import { exists, fail, root } from './run.mjs';

const sanitizers = {
  /** Memory and undefined behaviour. */
  address: () => ({
    cmake: ['--CDSANITIZE=address,undefined'],
    env: {
      LD_PRELOAD: runtimeOfGcc('libasan.so', 'g++'),
      // V8 and ava keep memory until the process ends; and asking for more memory than there is, is tested.
      ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  }),

  /**
   * Data races. clang's objects on LLVM's OpenMP runtime, whose barriers Archer explains; gcc's own runtime is not instrumented, and every
   * region would be reported. The runtime preloaded is gcc's all the same: Debian's clang has none that can be.
   */
  thread: () => ({
    cmake: ['--cxx', 'clang++', '--CDSANITIZE=thread'],
    env: {
      LD_PRELOAD: runtimeOfGcc('libtsan.so', 'g++ libtsan2'),
      OMP_TOOL_LIBRARIES: archer(),
      // Node itself is not instrumented: what it synchronises within is not seen. And the executor's team is never joined, by design.
      TSAN_OPTIONS: 'ignore_noninstrumented_modules=1:report_thread_leaks=0',
    },
  }),
};

/** Builds the addon with a sanitizer into san/NAME/, and gives the environment of a Node that loads it. */
export function buildSanitized(name) {
  const make =
    sanitizers[name] ?? fail(`expected ${Object.keys(sanitizers).join(' or ')}, received ${name ?? 'none'}.`);
  if (process.platform !== 'linux') fail(`the ${name} sanitizer: runs on Linux only.`);
  const { cmake, env } = make();
  compileWithCmake(['-O', `san/${name}/build`, ...cmake]);
  // The addon is loaded from below this folder instead of build/.
  return { ...process.env, ...env, CNNATIVE_PREBUILD: join(root, 'san', name) };
}

/** The path of a sanitizer's runtime, to be preloaded. */
export function runtimeOfGcc(file, packages) {
  const path = outputOf('g++', [`-print-file-name=${file}`]);
  // g++ repeats the bare name of what it does not find.
  return path.startsWith('/') && existsSync(path) ? path : missing(file, packages);
}

function archer() {
  if (!exists('clang++')) missing('clang++', 'clang');
  const path = join(outputOf('clang++', ['-print-resource-dir']), '..', '..', 'libarcher.so');
  return existsSync(path) ? path : missing(path, `libomp-${outputOf('clang++', ['-dumpversion']).split('.')[0]}-dev`);
}

function outputOf(command, args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim() ?? '';
}

function missing(what, packages) {
  return fail(`${what} was not found (on Debian, apt-get install ${packages}).`);
}

// clang-tidy over the sources that changed since its last clean run, each with the flags it is built with.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildNative } from './build-native.mjs';
import { exists, root } from './run.mjs';

// Flags of gcc that clang does not have.
const EXTRA = ['--extra-arg=-Wno-ignored-optimization-argument', '--extra-arg=-Wno-unknown-warning-option'];

/** Every C++ file below cpp/, relative to the top folder. */
export function cppFiles() {
  const entries = readdirSync(join(root, 'cpp'), { recursive: true });
  return entries.filter((entry) => /\.(cpp|h)$/.test(entry)).map((entry) => join('cpp', entry));
}

export async function checkCpp() {
  if (!exists('clang-tidy')) {
    console.log('clang-tidy is not on the PATH: skipped (on Debian, apt-get install clang-tidy libomp-dev).');
    return;
  }
  buildNative();
  if (!existsSync(join(root, 'build', 'compile_commands.json'))) {
    console.log('clang-tidy: skipped, it needs a build made with cmake.');
    return;
  }
  const started = new Date();
  const files = changedSources();
  if (files.length > 0) console.log(`clang-tidy: ${files.length} sources`);
  const failed = await tidyAll(files);
  if (failed > 0) {
    process.exitCode = 1;
    return;
  }
  writeFileSync(stamp(), '');
  utimesSync(stamp(), started, started);
}

/** The sources newer than the last clean run, or all of them when a header, a flag or a check is. */
function changedSources() {
  const { common, kernels } = JSON.parse(readFileSync(join(root, 'cpp', 'sources.json'), 'utf8'));
  const sources = [...common, ...kernels];
  if (!existsSync(stamp())) return sources;
  const last = statSync(stamp()).mtimeMs;
  const isNewer = (file) => statSync(join(root, file)).mtimeMs >= last;
  const shared = [
    ...cppFiles().filter((file) => file.endsWith('.h')),
    'cpp/sources.json',
    'CMakeLists.txt',
    '.clang-tidy',
  ];
  return shared.some(isNewer) ? sources : sources.filter(isNewer);
}

async function tidyAll(files) {
  const queue = [...files];
  let failed = 0;
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) if (!(await tidy(file))) failed++;
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return failed;
}

function tidy(file) {
  return new Promise((resolve, reject) => {
    const child = spawn('clang-tidy', ['--quiet', '-p', 'build', ...EXTRA, file], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      // With all well, its count of suppressed warnings is there and helps nobody.
      if (code !== 0) console.error(`clang-tidy: ${file} failed (${signal ?? `exit code ${code}`})\n${errors}`);
      resolve(code === 0);
    });
  });
}

function stamp() {
  return join(root, 'build', 'tidy-at');
}

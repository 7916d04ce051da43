import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { packageRoot } from '../helpers/cli.js';

const addon = join(packageRoot, 'build', 'Release', 'cnnative.node');
const runtime = join(packageRoot, 'build', 'Release', 'glibc', 'libgomp.so.1');
const isBuilt = process.platform === 'linux' && existsSync(addon);

function runTool(name: string, args: readonly string[] = []): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const script = join(packageRoot, 'tools', name);
    const child = execFile(process.execPath, [script, ...args], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
}

const testX64 = isBuilt && process.arch === 'x64' ? test : test.skip;

testX64('code outside the kernels runs on every x64 CPU', async (t) => {
  const { code, output } = await runTool('check-baseline.mjs');
  t.is(code, 0, output);
});

/** Debian 12 has gcc 12, glibc 2.36 and a libgomp that was built on it; what is built elsewhere needs something else. */
const isBookworm =
  existsSync('/etc/os-release') && readFileSync('/etc/os-release', 'utf8').includes('VERSION_CODENAME=bookworm');
const testBookworm = isBuilt && isBookworm && existsSync(runtime) ? test : test.skip;

testBookworm(
  'built on Debian 12, the addon needs glibc 2.32 and GLIBCXX 3.4.30, its OpenMP runtime glibc 2.34',
  async (t) => {
    const own = await runTool('check-floors.mjs', ['--GLIBC', '2.32', '--GLIBCXX', '3.4.30', addon]);
    t.is(own.code, 0, own.output);
    t.regex(own.output, /GLIBC 2\.32\b/);
    t.regex(own.output, /GLIBCXX 3\.4\.30\b/);
    const openmp = await runTool('check-floors.mjs', ['--GLIBC', '2.34', runtime]);
    t.is(openmp.code, 0, openmp.output);
    t.regex(openmp.output, /GLIBC 2\.34$/m);
  },
);

testBookworm('a binary that needs a newer system than a release may is refused', async (t) => {
  const { code, output } = await runTool('check-floors.mjs', ['--GLIBC', '2.28', addon, runtime]);
  t.is(code, 1);
  t.regex(output, /cnnative\.node: .*GLIBC above 2\.28/);
  t.regex(output, /libgomp\.so\.1: .*GLIBC above 2\.28/);
});

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { native } from '#lib/native.js';
import { isEmulated } from '../helpers/child.js';
import { packageRoot } from '../helpers/cli.js';

const isaOf = (object: string): string => /kernels_(\w+?)[./\\]/.exec(object)?.[1] ?? '';

/** The object files of kernels: both builders put them into folders named after the instruction set. */
function kernelObjects(): string[] {
  // A cross-built addon has a folder of its own.
  const build = join((isEmulated && process.env.CNNATIVE_PREBUILD) || packageRoot, 'build');
  if (!existsSync(build)) return [];
  const files = readdirSync(build, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => isaOf(file) !== '' && file.endsWith('.o')).map((file) => join(build, file));
}

const objects = kernelObjects();
const hasNm = spawnSync('nm', ['--version']).status === 0;
const reason = !hasNm ? ' (skipped: nm is not installed)' : objects.length === 0 ? ' (skipped: nothing was built)' : '';
const testObjects = reason === '' ? test : test.skip;

/** Symbols of an object file, as `W some::name`. */
function symbolsOf(object: string): string[] {
  const { status, stdout } = spawnSync('nm', ['-C', '--defined-only', object], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`nm failed on ${object}`);
  return stdout.split('\n').flatMap((line) => /^[\da-f]+ (\w .+)$/.exec(line)?.[1] ?? []);
}

// Of several equal weak symbols the linker keeps one. If it kept one compiled with wide instructions, code that must run
// on every CPU would call it.
testObjects(`kernels of an instruction set leave nothing to others but their tables${reason}`, (t) => {
  for (const object of objects) {
    const symbols = symbolsOf(object);
    const isOwn = (symbol: string) => symbol.includes(`cnnative::${isaOf(object)}::`) || symbol.includes('DW.ref');
    const weak = symbols.filter((symbol) => /^[WwVvu] /.test(symbol));
    const strong = symbols.filter((symbol) => /^[A-Z] /.test(symbol));
    t.deepEqual(
      [...weak, ...strong].filter((symbol) => !isOwn(symbol)),
      [],
      object,
    );
    t.regex(strong.join('\n'), /Kernels$/m, object);
  }
});

testObjects(`kernels of every instruction set of this machine are looked at${reason}`, (t) => {
  const wide = native.isas().filter((isa) => isa !== 'scalar');
  t.deepEqual(
    wide.filter((isa) => !objects.some((object) => isaOf(object) === isa)),
    [],
  );
});

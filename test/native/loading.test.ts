import { cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { candidates } from '#lib/native/candidates.js';
import { libcOf, thisPlatform } from '#lib/native/platform.js';
import { builtIn, copyPackage, runIn } from '../helpers/copied-package.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const platform = thisPlatform();
const { os, arch, libc } = platform;
const prebuiltName = libc === null ? 'cnnative.node' : `cnnative.${libc}.node`;

const USE = 'console.log(JSON.stringify(cnnative.info().isas))';
const CATCH = `try { await import('cnnative'); } catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message, cause: error.cause?.message }));
}`;

/** A package without any binary, in a project of its own. */
async function withoutBinary(t: ExecutionContext) {
  const { project, installed } = copyPackage(realpathSync(await temporaryFolder(t)));
  const prebuilt = join(installed, 'prebuilds', `${os}-${arch}`, prebuiltName);
  const built = join(installed, 'build', 'Release', 'cnnative.node');
  for (const file of [prebuilt, built]) mkdirSync(dirname(file), { recursive: true });
  return { project, installed, prebuilt, built };
}

/** Puts the binary under test where a release has it. */
function addPrebuilt(prebuilt: string): void {
  cpSync(join(builtIn, 'cnnative.node'), prebuilt);
  // The OpenMP runtime, where one travels along.
  const runtime = join(builtIn, libc ?? '');
  if (libc !== null && existsSync(runtime)) cpSync(runtime, join(dirname(prebuilt), libc), { recursive: true });
}

async function caught(project: string, before = ''): Promise<{ code: string; message: string; cause?: string }> {
  const { stdout, stderr } = await runIn(project, before + CATCH);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('a prebuilt binary is loaded with import and with require', async (t) => {
  const { project, prebuilt } = await withoutBinary(t);
  addPrebuilt(prebuilt);
  const isas = JSON.stringify((await import('cnnative')).info().isas);
  const imported = await runIn(project, `import * as cnnative from 'cnnative'; ${USE}`);
  t.is(imported.stdout.trim(), isas, imported.stderr);
  const required = await runIn(project, `const cnnative = require('cnnative'); ${USE}`, 'commonjs');
  t.is(required.stdout.trim(), isas, required.stderr);
});

test('without a binary the error names platform, every path and the way out', async (t) => {
  const { project, prebuilt, built } = await withoutBinary(t);
  const { code, message, cause } = await caught(project);
  t.is(code, 'ERR_NATIVE_LOAD');
  t.is(cause, undefined);
  t.true(message.includes(libc === null ? `${os}-${arch}` : `${os}-${arch} (${libc})`), message);
  t.true(message.includes(process.versions.node), message);
  for (const path of [built, prebuilt]) t.true(message.includes(`${path}: missing`), message);
  t.true(message.includes('npm rebuild cnnative --ignore-scripts=false'), message);
  t.true(message.includes('npm approve-scripts cnnative'), message);
});

test('a binary that cannot be loaded is named with the reason', async (t) => {
  const { project, prebuilt, built } = await withoutBinary(t);
  writeFileSync(prebuilt, 'not a library');
  const { message, cause } = await caught(project);
  t.true(message.includes(`${built}: missing`), message);
  t.true(message.includes(`${prebuilt}: cannot be loaded: `), message);
  t.truthy(cause);
  const reason = (cause ?? '').replace(`${prebuilt}: `, '').trim();
  t.true(reason.length > 0 && message.includes(reason), message);
});

test('a binary that cannot be loaded leaves the next one its chance', async (t) => {
  const { project, prebuilt, built } = await withoutBinary(t);
  writeFileSync(built, 'not a library');
  addPrebuilt(prebuilt);
  const { code, stderr } = await runIn(project, `import * as cnnative from 'cnnative'; ${USE}`);
  t.is(code, 0, stderr);
});

const onLinux = os === 'linux' ? test : test.skip;

onLinux('under a Node built for musl the binary for musl is looked for', async (t) => {
  const { project, prebuilt } = await withoutBinary(t);
  addPrebuilt(prebuilt);
  const fake = join(project, 'node');
  writeFileSync(fake, `\x7fELF${'\0'.repeat(700)}/lib/ld-musl-x86_64.so.1\0`);
  const { message } = await caught(project, `process.execPath = ${JSON.stringify(fake)};`);
  t.true(message.includes(`${os}-${arch} (musl)`), message);
  t.true(message.includes(`${join(dirname(prebuilt), 'cnnative.musl.node')}: missing`), message);
  t.false(message.includes('glibc'), message);
});

onLinux('the C library of this Node is the one it reports', (t) => {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  t.is(libcOf(process.execPath), header.glibcVersionRuntime === undefined ? 'musl' : 'glibc');
  t.is(libcOf('/no/such/file'), 'glibc');
});

// It decides at installation whether anything must be built: both must mean the same file.
test('node-gyp-build finds the files that are looked for', async (t) => {
  const { project, installed, prebuilt, built } = await withoutBinary(t);
  const folder = dirname(prebuilt);
  for (const name of [prebuiltName, 'cnnative.glibc.node', 'cnnative.musl.node']) writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'glibc'));
  const found = async () => {
    const script = `console.log(require('node-gyp-build').path(${JSON.stringify(installed)}))`;
    return (await runIn(project, script, 'commonjs')).stdout.trim();
  };
  t.deepEqual(candidates(installed, platform), [built, prebuilt]);
  t.is(await found(), prebuilt);
  writeFileSync(built, '');
  t.is(await found(), built);
});

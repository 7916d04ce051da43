import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { cli, jsonLines } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** As JSON, which is JavaScript too. */
const CONFIG = JSON.stringify({
  data: { type: 'digits', train: 200, test: 50 },
  model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }] },
  training: { epochs: 1 },
});

/** Lines without what may differ between two runs. */
const timeless = (stdout: string) => jsonLines(stdout).map(({ seconds, imagesPerSecond, ...rest }) => rest);

async function write(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('modules give configurations, too', async (t) => {
  const folder = await temporaryFolder(t);
  const json = timeless((await cli(['train', await write(folder, 'a.json', CONFIG), '--json'])).stdout);
  for (const [name, text] of [
    ['b.mjs', `export default ${CONFIG};`],
    ['c.mjs', `export default async () => (${CONFIG});`],
    ['d.js', `module.exports = ${CONFIG};`],
    ['e.cjs', `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${CONFIG};`],
  ] as const) {
    const { stdout, stderr } = await cli(['train', await write(folder, name, text), '--json']);
    t.is(stderr, '', name);
    t.deepEqual(timeless(stdout), json, name);
  }
});

test('a module that cannot be run is told of with what it threw, and where', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [name, text, received] of [
    ['null.mjs', 'throw null', 'null'],
    ['text.mjs', 'export default () => Promise.reject("the database is down")', '"the database is down"'],
    ['error.mjs', '\nthrow new Error("broken");', 'broken (at error.mjs:2:7)'],
    ['later.cjs', 'module.exports = async () => {\n  null.x;\n}', /null \(reading 'x'\) \(at later\.cjs:2:8\)$/],
    ['syntax.mjs', 'export default {{', /^Unexpected token '\{'; `node --check` shows where$/],
    ['absent.mjs', 'import "./nothing.mjs";', /nothing\.mjs/],
  ] as const) {
    await write(folder, name, text);
    const { code, stderr } = await cli(['train', name], { cwd: folder });
    t.is(code, 1);
    const said = /^cnnative: (.*): expected a module that can be run, received ([^\n]*)\.\n$/.exec(stderr);
    t.is(said?.[1], name, stderr);
    if (typeof received === 'string') t.is(said?.[2], received);
    else t.regex(said?.[2] ?? '', received);
  }
});

test('what a module prints is no part of JSON lines', async (t) => {
  const folder = await temporaryFolder(t);
  await write(folder, 'chatty.mjs', `console.log('hello'); export default ${CONFIG};`);
  const { stdout, stderr } = await cli(['train', 'chatty.mjs', '--json'], { cwd: folder });
  t.deepEqual(
    jsonLines(stdout).map(({ event }) => event),
    ['epoch', 'done'],
  );
  t.is(stderr, 'hello\n');
});

test('a command ends though a module has left something that goes on', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [name, text, code] of [
    ['timer.mjs', `setInterval(() => {}, 1000); export default ${CONFIG};`, 0],
    ['wrong.mjs', 'setInterval(() => {}, 1000); export default 3;', 2],
  ] as const) {
    await write(folder, name, text);
    const ended = await cli(['train', name], { cwd: folder });
    t.is(ended.code, code, name);
    t.regex(ended.stdout + ended.stderr, code === 0 ? /Next, [^\n]*\n$/ : /received 3\.\n$/, 'nothing is cut off');
  }
});

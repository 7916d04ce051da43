// Which lines of lib/ were run, from what V8 counted in the processes of a run with NODE_V8_COVERAGE, by the source maps of dist/.
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root } from './run.mjs';

const dist = join(root, 'dist');

/**
 * For each file, whether each of its lines with code was run. Lines of types, comments and brackets alone leave no code and are no lines
 * here; a line is run when any part of it is.
 */
export function typescriptLines(folder) {
  const scripts = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.js'));
  const ran = new Map(scripts.map((file) => [pathToFileURL(join(dist, file)).href, undefined]));
  for (const { url, functions } of results(folder)) {
    if (ran.has(url)) ran.set(url, union(ran.get(url), positionsRun(functions)));
  }
  return new Map([...ran].map(([url, positions]) => linesOf(fileURLToPath(url), positions)));
}

function* results(folder) {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    // Some tests kill their processes, perhaps while they write this.
    if (text.endsWith('}')) yield* JSON.parse(text).result;
  }
}

/** Whether each position of a script was run: ranges within others say more of their part. */
function positionsRun(functions) {
  const ranges = functions.flatMap((one) => one.ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const run = new Uint8Array(ranges[0].endOffset);
  for (const { startOffset, endOffset, count } of ranges) run.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return run;
}

function union(a, b) {
  return a ? a.map((value, i) => value | b[i]) : b;
}

function linesOf(script, positions) {
  const map = new SourceMap(JSON.parse(readFileSync(`${script}.map`, 'utf8')));
  const source = join(script, '..', map.payload.sources[0]);
  const run = new Map();
  let position = 0;
  for (const [row, text] of readFileSync(script, 'utf8').split('\n').entries()) {
    for (const { index } of isComment(text) ? [] : text.matchAll(/\w/g)) {
      const { generatedLine, originalLine } = map.findEntry(row, index);
      if (generatedLine !== row) continue;
      const line = originalLine + 1;
      run.set(line, run.get(line) || positions?.[position + index] === 1);
    }
    position += text.length + 1;
  }
  return [relative(root, source), run];
}

function isComment(line) {
  return /^\s*(\/\/|\/\*|\*( |\/|$))/.test(line);
}

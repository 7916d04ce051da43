import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { limiter } from '#lib/util/limiter.js';
import { isWatched } from '../helpers/child.js';
import { seed } from '../helpers/seed.js';
import { FORMATS } from './formats/index.js';
import type { FuzzResult } from './fuzz.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
/** Inputs of each format. `npm run check:all` asks for 100 000. */
const COUNT = Number(process.env.CNNATIVE_FUZZ ?? 400);
/** An input that takes longer hangs: by the clock, and so long that a busy machine is no hang. */
const SILENCE = 300_000;
/** Processes at once. */
const limit = limiter(availableParallelism());

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** In a process of its own, which may crash, run out of memory or hang. */
function run(name: string): Promise<Ended> {
  // Sanitizers need memory of their own.
  const flags = isWatched ? [] : ['--max-old-space-size=256'];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, CHILD, name, String(seed), String(COUNT)]);
    let [stdout, stderr] = ['', ''];
    const kill = () => child.kill('SIGKILL');
    let watch = setTimeout(kill, SILENCE);
    child.stdout.on('data', (data) => {
      stdout += data;
      clearTimeout(watch);
      watch = setTimeout(kill, SILENCE);
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (code, signal) => {
      clearTimeout(watch);
      resolve({ code, signal, lines: stdout.trim().split('\n'), stderr });
    });
  });
}

for (const { name } of FORMATS) {
  test(`${name}: what is damaged or hostile is read right or refused`, async (t) => {
    t.timeout(3_600_000);
    t.log(`CNNATIVE_TEST_SEED=${seed}`);
    const { code, signal, lines, stderr } = await limit(() => run(name));
    const last = lines.at(-1) ?? '';
    const again = `CNNATIVE_TEST_SEED=${seed} CNNATIVE_FUZZ=${COUNT} npm run fuzz -- --match='${name}:*'`;
    t.is(code, 0, `${signal ?? ''} at input ${last} or soon after (${again}): ${stderr.slice(-4000)}`);
    if (code !== 0) return;
    const result = JSON.parse(last) as FuzzResult;
    t.log(last);
    t.is(result.read + result.refused, COUNT);
    // Or the inputs are too good or too bad to try anything.
    t.true(result.refused > COUNT / 10, last);
    if (COUNT >= 400) t.true(result.read > 0, last);
  });
}

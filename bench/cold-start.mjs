// node bench/cold-start.mjs [--rounds 21] [--limit 150]: milliseconds from the start of a process to its first prediction with LeNet-5,
// of the package as it is published and of the modules of the checkout, beside a process that does nothing. In turn, a process each;
// processor time says more than the clock on a machine with others at work. One JSON line each. With a limit it exits with 1 when the
// package's median on the clock, for a saved model, passes it: for machines at rest.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { info } from 'cnnative';
import { Command } from 'commander';
import { max, median, min } from 'simple-statistics';
import { integer, positive } from '../dist/cli/options.js';
import { models } from '../dist/models/index.js';
import { root, temporaryFolder } from '../tools/run.mjs';
import { stagePackage } from '../tools/stage-package.mjs';

const { rounds, limit } = new Command('cold-start')
  .option('--rounds <n>', 'processes of each contestant', integer(1), 21)
  .option('--limit <ms>', "most that the package's median may be", positive, Number.POSITIVE_INFINITY)
  .parse()
  .opts();
const IDLE =
  'const { user, system } = process.cpuUsage(); console.log(JSON.stringify({ seconds: (user + system) / 1e6 }))';
const script = fileURLToPath(new URL('own/first-prediction.cjs', import.meta.url));

const temp = temporaryFolder('cold');
const saved = join(temp, 'lenet5');
await models.lenet5().save(saved);
const published = await stage(join(temp, 'cnnative'));
const results = await measure({
  'node alone': ['-e', IDLE],
  'package, import, saved model': [script, published, 'import', saved],
  'package, import, new model': [script, published, 'import'],
  'package, require, saved model': [script, published, 'require', saved],
  'checkout, import, saved model': [script, root, 'import', saved],
});
for (const [what, measured] of results) report(what, measured, results.get('node alone'));
const reached = median(results.get('package, import, saved model').wall);
if (!(reached < limit)) process.exitCode = 1;

/** The package as published, with the checkout's binary and dependencies. */
async function stage(folder) {
  mkdirSync(folder);
  await stagePackage(folder);
  rmSync(join(folder, 'prebuilds'), { recursive: true, force: true });
  for (const name of ['build', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  return folder;
}

/** Times of every contestant, one round after another. */
async function measure(contestants) {
  const results = new Map(Object.keys(contestants).map((what) => [what, { wall: [], cpu: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const [what, args] of Object.entries(contestants)) {
      const { wall, cpu } = await start(args);
      results.get(what).wall.push(wall);
      results.get(what).cpu.push(cpu);
    }
  }
  return results;
}

/** Milliseconds until a process has printed its line, and of processor time by then. */
function start(args) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    let wall;
    child.stdout.setEncoding('utf8').on('data', (text) => {
      wall ??= performance.now() - begun;
      printed += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve({ wall, cpu: JSON.parse(printed).seconds * 1000 });
      else
        reject(new Error(`cold-start: expected a first prediction from ${args.join(' ')}, received exit code ${code}`));
    });
  });
}

function report(what, { wall, cpu }, alone) {
  const summary = (times) =>
    Object.fromEntries(Object.entries({ median, min, max }).map(([k, of]) => [k, round(of(times))]));
  const timesNode = { wall: round(median(wall) / median(alone.wall)), cpu: round(median(cpu) / median(alone.cpu)) };
  const { isa, node } = info();
  console.log(
    JSON.stringify({ bench: 'cold-start', what, isa, node, wall: summary(wall), cpu: summary(cpu), timesNode }),
  );
}

function round(value) {
  return Number(value.toPrecision(4));
}

// npm run bench:recipes -- [NAME...]: trains by all recipes, or by those named, and writes what they reach into docs/recipes.md, docs/recipes/*.svg
// and recipes/measured.json; also recipes.json and recipes.md with every epoch into --out.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { info, recipes } from 'cnnative';
import { Argument, Command } from 'commander';
import { integer, number } from '../dist/cli/options.js';
import { readSeeds } from '../dist/cli/train/seeds.js';
import { RECIPE_NAMES } from '../dist/recipes/names.js';
import { machine } from './machine.mjs';
import { filled } from './marked-text.mjs';
import { learningCurves } from './recipes/chart.mjs';
import { overview, section } from './recipes/document.mjs';
import { GOALS } from './recipes/goals.mjs';
import { measureRecipe } from './recipes/measure.mjs';

const command = new Command('bench:recipes')
  .description('Measures recipes: accuracy over seeds, training time, and its rate against that of the step alone.')
  .addArgument(new Argument('[names...]', `of ${RECIPE_NAMES.join(', ')} (default: all)`))
  .option('--seeds <n>', 'how many, or which: 1,2,7 (default: as many as required)', readSeeds)
  .option(
    '--seconds <s>',
    'time to measure the step alone for',
    number('a number above 0', (value) => value > 0),
    5,
  )
  .option('--threads <n>', 'threads', integer(1, 1024), info().threads)
  .option('--root <folder>', 'where docs/ and recipes/ are', fileURLToPath(new URL('..', import.meta.url)))
  .option('--out <folder>', 'where recipes.md and recipes.json go', 'bench-results')
  .option(
    '--train <options>',
    'further options of cnnative train, such as "--dataset digits"',
    (text) => text.split(' '),
    [],
  )
  .parse();
const { seconds, threads, out, root, train: args, ...options } = command.opts();
const names = command.args.length > 0 ? command.args : RECIPE_NAMES;
for (const name of names) {
  if (!RECIPE_NAMES.includes(name)) command.error(`expected names of ${RECIPE_NAMES.join(', ')}, received '${name}'.`);
}
const path = (...parts) => join(resolve(root), ...parts);
const write = (name, text) => writeFileSync(path(...name.split('/')), text);
const read = (name) => readFileSync(path(...name.split('/')), 'utf8');
const began = performance.now();
const say = (text) => console.error(`[${((performance.now() - began) / 60_000).toFixed(1)} min] ${text}`);

mkdirSync(out, { recursive: true });
mkdirSync(path('docs', 'recipes'), { recursive: true });
const where = await machine(threads);
const label = `${threads} threads, ${where.isa}, ${where.cpu}`;
const report = { machine: where, recipes: [], failures: [] };
for (const name of names) {
  const { seeds = GOALS[name].seeds } = options;
  const list = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;
  try {
    const result = await measureRecipe(name, {
      seeds: list,
      seconds,
      threads,
      args,
      say: (text) => say(`${name}: ${text}`),
    });
    report.recipes.push(result);
    keep(result);
  } catch (error) {
    report.failures.push({ name, message: error.message });
    say(`${name}: ${error.message}`);
  }
  // After every recipe: what is measured survives an interruption.
  writeFileSync(join(out, 'recipes.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(out, 'recipes.md'), markdown(report));
}
process.stdout.write(markdown(report));
if (report.failures.length > 0) process.exitCode = 1;

/** Into what is committed. */
function keep(result) {
  const { name, seeds, accuracy, seconds: time, rates, runs, goal } = result;
  const measured = JSON.parse(read('recipes/measured.json'));
  measured[name] = { seeds, accuracy, seconds: time, rateOfStep: rates.ratio.median, machine: label };
  write('recipes/measured.json', `${JSON.stringify(measured, null, 2)}\n`);
  write(`docs/recipes/${name}.svg`, learningCurves(name, runs, goal.accuracy));
  const all = recipes.list().map((one) => ({ ...one, measured: measured[one.name] }));
  const document = filled(read('docs/recipes.md'), 'all', overview(all));
  write('docs/recipes.md', filled(document, name, section(result, label, where.date.slice(0, 10))));
}

function markdown({ recipes: results, failures }) {
  const parts = results.map((result) => `## ${result.name}\n\n${section(result, label, where.date.slice(0, 10))}`);
  const failed = failures.map(({ name, message }) => `- ${name}: ${message}`);
  return `${['# Recipes', ...parts, ...(failed.length > 0 ? ['## Failures', failed.join('\n')] : [])].join('\n\n')}\n`;
}

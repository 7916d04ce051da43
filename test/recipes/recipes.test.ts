import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { datasets, InvalidArgumentError, type RecipeConfig, recipes } from 'cnnative';
import { resolveConfig } from '#lib/config/config.js';
import { RECIPE_NAMES, type RecipeName } from '#lib/recipes/names.js';
import { packageRoot } from '../helpers/cli.js';

const FOLDER = join(packageRoot, 'recipes');
const schema = JSON.parse(readFileSync(join(packageRoot, 'schema', 'config.schema.json'), 'utf8')) as object;
const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

/** Random pixels and labels in the shape of a recipe's set. */
function tinySet(name: RecipeName, samples: number) {
  const { shape, classNames } = datasets.catalog[recipes.config(name).data];
  const features = shape.reduce((product: number, size) => product * size, 1);
  const images = Uint8Array.from({ length: samples * features }, (_, i) => (i * 2654435761) >>> 24);
  return datasets.fromArrays({
    images,
    labels: Int32Array.from({ length: samples }, (_, i) => i % classNames.length),
    shape,
    classes: classNames.length,
  });
}

test('every file of the folder is a recipe, and has its name', (t) => {
  const files = readdirSync(FOLDER).sort();
  t.deepEqual(files, [...RECIPE_NAMES.map((name) => `${name}.json`), 'measured.json'].sort());
  for (const name of RECIPE_NAMES) t.is(recipes.config(name).name, name);
});

for (const name of RECIPE_NAMES) {
  test(`${name} is a configuration that fits one screen`, (t) => {
    const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8');
    const config = JSON.parse(text) as RecipeConfig;
    t.true(accepts(config), JSON.stringify(accepts.errors));
    t.notThrows(() => resolveConfig(config));
    t.deepEqual(recipes.config(name), config);
    t.true(text.split('\n').length <= 66);
    t.true(config.description.length <= 100);
    // Paths would depend on who trains it, and on where.
    t.false('out' in config || 'threads' in config);
  });

  test(`${name} builds and takes a step`, async (t) => {
    const set = tinySet(name, 32);
    const model = recipes.model(name, { seed: 3 });
    t.deepEqual(model.outputShape, [10]);
    const before = await model.getWeights();
    const { epochs: _, ...options } = recipes.training(name);
    const { history } = await model.fit(set, { ...options, epochs: 1, batchSize: 32 });
    t.true(Number.isFinite(history.loss[0]));
    const after = await model.getWeights();
    t.deepEqual(Object.keys(after), Object.keys(before));
    const moved = Object.keys(after).filter((key) =>
      after[key]?.data.some((value, i) => value !== before[key]?.data[i]),
    );
    t.true(moved.length > 0);
  });
}

test('the list tells of every recipe what its file and its network say', (t) => {
  const list = recipes.list();
  t.deepEqual(
    list.map(({ name }) => name),
    [...RECIPE_NAMES],
  );
  for (const { name, description, dataset, parameters, epochs } of list) {
    const config = recipes.config(name);
    t.is(description, config.description);
    t.is(dataset, config.data);
    t.is(epochs, (config.training as { epochs: number }).epochs);
    t.is(parameters, recipes.model(name).parameterCount);
  }
});

test('multiply-adds are those of the definition', (t) => {
  // As published for the network of mnist-fast, worked out by hand: 24x24 places of 24 5x5 filters, 10x10 of 32 3x3x24 ones, 800 x 256, 256 x 10.
  const fast = recipes.list().find(({ name }) => name === 'mnist-fast');
  t.is(fast?.multiplyAdds, 24 * 24 * 24 * 25 + 10 * 10 * 32 * 9 * 24 + 800 * 256 + 256 * 10);
  // Batch normalisation has four values a channel.
  t.is(fast?.parameters, 24 * (25 + 4) + 32 * (9 * 24 + 4) + 256 * 801 + 10 * 257);
});

test('the same seed gives the same weights, another one others', async (t) => {
  const first = async (seed?: number) => {
    const weights = await recipes.model('mnist-fast', seed === undefined ? {} : { seed }).getWeights();
    return Object.values(weights).map(({ data }) => [...data.slice(0, 3)]);
  };
  t.deepEqual(await first(), await first(1));
  t.notDeepEqual(await first(), await first(2));
});

test('rejects names and options that are none', (t) => {
  const rejects = (act: () => unknown, message: RegExp) => t.throws(act, { instanceOf: InvalidArgumentError, message });
  for (const name of ['mnist', '../package', 'measured', undefined]) {
    rejects(
      () => recipes.config(name as never),
      /^recipes: expected one of 'mnist-fast', .* for the name of a recipe, received /,
    );
    rejects(() => recipes.model(name as never), /recipes: expected one of/);
    rejects(() => recipes.training(name as never), /recipes: expected one of/);
  }
  rejects(() => recipes.model('mnist-fast', { seeds: 1 } as never), /recipes\.model: .*"seeds"/);
  rejects(() => recipes.model('mnist-fast', { seed: -1 }), /recipes\.model: .* seed, received -1/);
});
